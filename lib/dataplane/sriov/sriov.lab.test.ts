import { expect, test } from '@playwright/test';
import { nftDup } from '../../replicator/nftDup.js';
import { wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { SRIOV } from './traits.js';

test.skip(!ARE_ASKED, notTested('VMs with functions of NICs, in guests'));
/** Builds the guest the first time, and fetches its QEMU and kernel. */
const LONGEST_MS = 900_000;
test.describe.configure({ mode: 'default', timeout: LONGEST_MS });

const run = (replicator: string, mode: string) =>
  wholeRun(
    ...['--testbed', 'vm', '--data-plane', SRIOV, '--mode', mode, '--replicator', replicator],
    ...['--scenario', 'every ARP form', '--controls', 'none', '--workers', '1'],
  );

test('rules in each VM bring every ARP form to every leaf', async () => {
  const { report } = await run(nftDup.name, 'active-backup');
  expect(report.experiments.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(report.environment['kernel']).toMatch(/^Linux \S+-amd64, in a guest/);
  expect(report.environment['qemu']).toMatch(/ version (?:[89]|\d\d)\./);
});

test('without a replicator they are on the leaf of the function in use alone', async () => {
  const [off] = (await run('none', 'active-backup')).report.experiments;
  expect(off?.verdict).toBe('fail');
  const findings = off?.judgement?.findings ?? [];
  expect(new Set(findings.map(({ signature }) => signature))).toEqual(new Set(['missing']));
  expect(new Set(findings.map(({ leaf }) => leaf))).toEqual(new Set(['leaf-b']));
});

test('where a VM listens on both functions, what another one says to all is there twice', async () => {
  const [twice] = (await run(nftDup.name, 'balance-xor')).report.experiments;
  expect(twice?.verdict).toBe('fail');
  const findings = twice?.judgement?.findings ?? [];
  expect(new Set(findings.map(({ signature }) => signature))).toEqual(new Set(['duplicate']));
  expect(findings.every(({ leaf }) => leaf === undefined)).toBe(true);
});
