import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { lackForSmoke, notTested } from './testing/guestTests.js';

const lack = lackForSmoke();
test.skip(lack !== null, notTested(`the bonding option of a kernel in a guest: ${lack ?? ''}`));

/** Also where the disk of programs and the snapshot are made anew, as this project's code has changed. */
const LONGEST_MS = 600_000;
test.setTimeout(LONGEST_MS);

test('in a guest the newest kernel copies with the option on, and only then', () => {
  const { status, stdout, stderr } = spawnSync('node', ['lib/bootstrap/everyleaf.mjs', 'kernels', '--json'], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
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
