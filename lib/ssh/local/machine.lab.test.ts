import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openTestNetwork } from '../testing/network.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

test('a folder below /tmp is there on a machine that has a /tmp of its own, only to be read, and nothing beside it', async () => {
  await using network = await openTestNetwork();
  const [kept, beside] = [join(network.folder, "it's kept"), join(network.folder, 'beside')];
  for (const folder of [kept, beside]) {
    await mkdir(folder);
    await writeFile(join(folder, 'program'), 'text');
  }
  const { inside } = await network.boot('server', { keeps: kept });
  expect(await inside('cat', join(kept, 'program'))).toBe('text');
  await expect(inside('touch', join(kept, 'new'))).rejects.toThrow('Read-only file system');
  await expect(inside('cat', join(beside, 'program'))).rejects.toThrow('No such file');
  expect(await inside('sh', '-c', 'echo mine >/tmp/own && cat /tmp/own')).toBe('mine\n');
});
