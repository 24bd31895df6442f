import { expect, test } from '@playwright/test';
import { WITHOUT_CONFIG, type Workspace } from '../run/workspace.js';
import { kernelFor } from './kernelFor.js';

const { registries } = WITHOUT_CONFIG;
const asked: string[] = [];
const workspace: Workspace = {
  ...WITHOUT_CONFIG,
  registries: {
    ...registries,
    testbeds: registries.testbeds.map((kind) =>
      kind.withKernel === undefined
        ? kind
        : {
            ...kind,
            withKernel: (wanted) => {
              asked.push(wanted);
              return Promise.resolve({ kernel: `${wanted}-whole`, environment: { kernel: wanted } });
            },
          },
    ),
  },
};

test('guests have the newest kernel, or the one that is asked for', async () => {
  expect(await kernelFor(workspace, 'vm', undefined, [])).toMatchObject({ kernel: 'newest-whole' });
  expect(await kernelFor(workspace, 'vm', '6.17', [])).toMatchObject({ kernel: '6.17-whole' });
  expect(asked).toEqual(['newest', '6.17']);
});

test('a machine has the kernel that it has', async () => {
  expect(await kernelFor(workspace, 'netns', undefined, [])).toBeNull();
  await expect(kernelFor(workspace, 'netns', '6.17', [])).rejects.toMatchObject({
    message: 'the testbed netns has the kernel of its machine: --kernel 6.17 is refused',
    hint: 'add --testbed vm',
  });
});
