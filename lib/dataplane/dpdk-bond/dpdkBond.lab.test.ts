import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findTool } from '../../bootstrap/searchPath.mjs';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { loadTopology } from '../../run/loadTopology.js';
import { openDefaultTestbed } from '../../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { wholeRun } from '../../testing/wholeRun.js';
import { dpdkBond } from './dpdkBond.js';
import { DEBIAN, PROGRAM } from './engine.js';

const FOLDERS = (process.env['PATH'] ?? '').split(':');
test.skip(findTool(PROGRAM, FOLDERS) === null, `${PROGRAM} is not installed: apt-get install ${DEBIAN}`);
test.describe.configure({ timeout: WHOLE_RUNS_MS });

const FLAT = join(PACKAGE_ROOT, 'topologies/flat.yaml');

const run = (...args: readonly string[]) => wholeRun('--data-plane', 'dpdk-bond', '--topology', FLAT, ...args);

test('without heartbeats the leaves hear no LACP from an application whose VMs are silent, and the lab says so', async () => {
  const choice = { kind: dpdkBond.kind, variant: '802.3ad' };
  const wired = await loadTopology(FLAT, DEFAULTS.dataPlanes, choice);
  const plane = { ...wired.host.plane, options: { heartbeat: false } };
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: { ...wired, host: { ...wired.host, plane } } });
  await expect(dpdkBond.bringUp(lab, '802.3ad')).rejects.toThrow(
    /the bond of dpdk-testpmd to use leg-a and leg-b; last seen: leg-a not used \(LACP defaulted\), leg-b not used \(LACP defaulted\); the bond sends LACPDUs only while its application transmits/,
  );
});

test('a restart of the application takes both legs into use again', async () => {
  const choice = { kind: dpdkBond.kind, variant: 'balance' };
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await loadTopology(FLAT, DEFAULTS.dataPlanes, choice) });
  const plane = await dpdkBond.bringUp(lab, 'balance');
  if (!plane.restart.ok) throw new Error(plane.restart.lack.output);
  await lab.apply(plane.restart.use);
  await plane.converged(['leg-a', 'leg-b']);
  expect((await plane.audit()).filter(({ ok }) => !ok)).toEqual([]);
  const drops = plane.inputDrops.ok ? await plane.inputDrops.use() : null;
  // A packet socket for each leg and for the VMs.
  expect(drops).toHaveLength(3);
  const waited = plane.cpuWait?.ok === true ? await plane.cpuWait.use() : null;
  expect(waited).toBeGreaterThanOrEqual(0);
});

test('without a replicator each mode fails: one leaf misses neighbor frames, or data is doubled', async () => {
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');
  const { code, report } = await run(
    ...[
      '--replicator',
      'none',
      '--controls',
      'none',
      '--scenario',
      'every ARP form',
      '--scenario',
      'data goes out once',
    ],
  );
  expect(code).toBe(1);
  const told = Object.fromEntries(
    report.experiments.map(({ plane, scenario, verdict, judgement }) => {
      const wrong = judgement?.findings.filter((finding) => finding.verdict === 'fail') ?? [];
      const why = [...new Set(wrong.map(({ signature }) => signature))].sort().join(', ');
      return [`${plane?.variant ?? ''}: ${scenario.slice(0, 5)}`, why === '' ? verdict : `${verdict}: ${why}`];
    }),
  );
  expect(told).toEqual({
    ...Object.fromEntries(
      ['802.3ad', 'active-backup', 'balance', 'round-robin'].flatMap((mode) => [
        [`${mode}: every`, 'fail: missing'],
        [`${mode}: data `, 'pass'],
      ]),
    ),
    'broadcast: every': 'pass',
    'broadcast: data ': 'fail: data-replicated',
  });
});

test('rules on the host copy each neighbor frame once, and copies that the application hears are noticed', async () => {
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');
  const { code, report } = await run(
    ...[
      '--replicator',
      'nft-dup',
      '--mode',
      'balance',
      '--scenario',
      'every ARP form',
      '--scenario',
      'every NS and NA form',
    ],
  );
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(report.controls.mutants.map(({ mutant, fate }) => `${mutant}: ${fate}`)).toEqual(
    expect.arrayContaining(['heard-by-sender: caught']),
  );
});
