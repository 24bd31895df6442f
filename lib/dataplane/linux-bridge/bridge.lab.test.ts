import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { isDrawn, NOT_DRAWN } from '../../testing/samples.js';
import { wholeRun } from '../../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

const FLAT = join(PACKAGE_ROOT, 'topologies/flat.yaml');

/** A run on a bridge, of what the kernel's flooding, forwarding and following of carriers must get right. */
const run = (...args: readonly string[]) => wholeRun('--data-plane', 'linux-bridge', '--topology', FLAT, ...args);

const WITH_ONE_LEG_OUT = ['--scenario', 'with one leg out'];

test('nftables copies each neighbor frame once, also when a leg is out, and what is made wrong is noticed', async () => {
  const { code, report } = await run('--replicator', 'nft-dup', ...WITH_ONE_LEG_OUT);
  expect(code, report.reasons.join('\n')).toBe(0);
  const qualified = report.experiments.filter(({ intent }) => intent.type === 'qualify');
  expect(qualified.map(({ dataplane, verdict }) => `${dataplane}: ${verdict}`).sort()).toEqual([
    'linux-bridge/active-backup: pass',
    'linux-bridge/per-mac: pass',
  ]);
  expect(report.controls.tampers.map(({ tamper, fate }) => `${tamper}: ${fate}`).sort()).toEqual([
    'lose-on-one-leg: caught',
    'send-to-dead-leg: caught',
  ]);
});

test('without a replicator each variant fails, and says which leaf missed what', async () => {
  test.skip(!isDrawn(0, 2, 1), NOT_DRAWN);
  const { code, report } = await run('--replicator', 'none', '--controls', 'none', '--scenario', 'every ARP form');
  expect(code).toBe(1);
  expect(report.experiments.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  const [backup, perMac] = ['active-backup', 'per-mac'].map((variant) =>
    (report.experiments.find(({ plane }) => plane?.variant === variant)?.reasons ?? []).join('\n'),
  );
  // The second leg stands by; MACs that end with an even byte have the first one.
  expect(backup).toMatch(/leaf-b never saw .* from vm1/);
  expect(backup).not.toContain('leaf-a never saw');
  expect(perMac).toMatch(/leaf-b never saw .* from vm1/);
  expect(perMac).toMatch(/leaf-a never saw .* from vm2/);
});

test('what has no LACP, no trunk and no VLAN here is skipped with its reason', async () => {
  test.skip(!isDrawn(1, 2, 1), NOT_DRAWN);
  const { code, report } = await run(
    ...['--replicator', 'nft-dup', '--controls', 'none', '--mode', 'active-backup'],
    ...['--scenario', 'all leaves are one LACP partner', '--scenario', 'of a trunk VM', '--scenario', 'in two VLANs'],
  );
  expect(code).toBe(4);
  expect(report.skips.map(({ what }) => what).sort()).toEqual([
    'a VM that tags by itself',
    'a host that speaks LACP',
    'two-vlans.yaml on the data plane linux-bridge',
  ]);
});
