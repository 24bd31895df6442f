import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { isMirrorAway, lackForSmoke, notTested } from './testing/guestTests.js';

const leftOut = (why: string): string =>
  notTested(`the bonding option of a kernel in a guest: ${why}`, 'npm test', 'where there is one');
const lack = lackForSmoke();
test.skip(lack !== null, leftOut(lack ?? ''));

/** On a machine that never had a guest its image is made first, of 300 MB of the Debian mirror and 230 s of CPU. */
const LONGEST_MS = 1_200_000;
test.setTimeout(LONGEST_MS);

test('in a guest the newest kernel copies with the option on, and only then', () => {
  const { status, stdout, stderr } = spawnSync('node', ['lib/bootstrap/everyleaf.mjs', 'kernels', '--json'], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  test.skip(isMirrorAway(stderr), leftOut('the mirror that its kernel comes from is not reachable'));
  expect(stderr).not.toContain('unexpected');
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'pass',
    kernels: [
      {
        option: 'supported',
        off: {
          verdict: 'pass',
          cells: {
            untagged: { 'arp-request-broadcast': { seen: 'one-leaf' } },
            announcements: { 'arp-untagged': { seen: 'none' } },
          },
        },
        on: {
          verdict: 'pass',
          cells: {
            untagged: { 'arp-request-broadcast': { seen: 'each-leaf' } },
            announcements: { 'arp-untagged': { seen: 'each-leaf' } },
          },
        },
      },
    ],
  });
  expect(status).toBe(0);
});
