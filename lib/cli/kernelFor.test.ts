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
            withKernel: (wanted, _versions, modules, needs) => {
              asked.push([wanted, ...(modules ?? []), ...(needs ?? [])].join(' with '));
              return Promise.resolve({ kernel: `${wanted}-whole`, environment: { kernel: wanted } });
            },
          },
    ),
  },
};

test('guests have the newest kernel, or the one that is asked for', async () => {
  expect(await kernelFor(workspace, 'vm', {}, [], [])).toMatchObject({ kernel: 'newest-whole' });
  expect(await kernelFor(workspace, 'vm', { kernel: '6.17' }, [], [])).toMatchObject({ kernel: '6.17-whole' });
  await kernelFor(workspace, 'vm', { kernel: './bzImage', kernelModules: ['mods'] }, [], []);
  await kernelFor(workspace, 'vm', {}, [], ['nic:sriov']);
  expect(asked).toEqual(['newest', '6.17', './bzImage with mods', 'newest with nic:sriov']);
});

test('a machine has the kernel that it has', async () => {
  expect(await kernelFor(workspace, 'netns', {}, [], [])).toBeNull();
  await expect(kernelFor(workspace, 'netns', { kernel: '6.17' }, [], [])).rejects.toMatchObject({
    message: 'the testbed netns has the kernel of its machine: --kernel 6.17 is refused',
    hint: 'add --testbed vm',
  });
  await expect(kernelFor(workspace, 'netns', { kernelModules: ['mods'] }, [], [])).rejects.toThrow(
    '--kernel-modules is refused',
  );
});
