import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { buildGuest } from './buildGuest.js';
import { cacheFolder, madeOf } from './cache.js';
import { listParts, removeParts } from './parts.js';
import { ARE_ASKED, notTested } from './testing/guestTests.js';

test.skip(!ARE_ASKED, notTested('kernels of a person in guests'));
// Builds two guests: of the mirror's kernel, and of the same as if it were a person's own.
test.setTimeout(1_200_000);

/** No lab of this test needs it. */
const LOST = 'macvtap';

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-own-kernel-'))));
test.afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (before !== null) await removeParts(madeSince(before), () => undefined);
});

/** Names of parts when the mirror's guest was built; null before that. */
let before: ReadonlySet<string> | null = null;
const madeSince = (known: ReadonlySet<string>) => listParts().filter(({ name }) => !known.has(name));

const everyleaf = (...argv: readonly string[]) =>
  spawnSync('node', ['lib/bootstrap/everyleaf.mjs', ...argv], { cwd: PACKAGE_ROOT, encoding: 'utf8' });

test('a kernel with a path is tried like one of the mirror, and says what its modules lack', async () => {
  const { guest } = await buildGuest({ kernel: 'newest' }, () => undefined);
  before = new Set(listParts().map(({ name }) => name));
  const ofMirror = readdirSync(cacheFolder()).find((name) => {
    const made = madeOf(join(cacheFolder(), name));
    return made?.['kind'] === 'kernel' && made['release'] === guest.release && 'packages' in made;
  });
  const modules = join(folder, 'lib/modules', guest.release);
  cpSync(join(cacheFolder(), ofMirror ?? '', 'tree/lib/modules', guest.release), modules, {
    recursive: true,
    filter: (path) => !path.includes(`/${LOST}.ko`),
  });
  const image = join(folder, 'vmlinux');
  cpSync(join(cacheFolder(), ofMirror ?? '', 'vmlinux'), image);
  // As if it had been built anew: what an earlier test has left is not taken, and what is missing is told.
  appendFileSync(image, randomUUID());

  const { status, stdout, stderr } = everyleaf('kernels', '--kernel', image, '--kernel-modules', folder, '--json');
  expect(stderr).toContain(`kernel ${guest.release} has no module ${LOST}: no VMs on macvlan, macvtap or ipvlan`);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'pass',
    kernels: [
      { release: guest.release, image, option: 'supported', off: { verdict: 'pass' }, on: { verdict: 'pass' } },
    ],
  });
  expect(status).toBe(0);
  // The guest is another than that of the mirror's kernel: this one has the module.
  const tell = ['--', 'sh', '-c', `uname -r; modprobe -n ${LOST} && echo has it`];
  expect(
    everyleaf('vm', 'shell', '--kernel', image, ...tell)
      .stdout.trim()
      .split('\n'),
  ).toContain(guest.release);
  expect(everyleaf('vm', 'shell', '--kernel', image, ...tell).stdout).not.toContain('has it');
  expect(everyleaf('vm', 'shell', ...tell).stdout).toContain('has it');
});
