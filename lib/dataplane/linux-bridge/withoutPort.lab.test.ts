import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { loadTopology } from '../../run/loadTopology.js';
import { need } from '../../testbed/capability.js';
import { openDefaultTestbed } from '../../testing/defaultLab.js';
import { portOf } from '../../testing/portOf.js';
import { linuxBridge } from './bridge.js';

test('the port of a VM goes and comes back with its flags and its static address', async () => {
  const choice = { kind: linuxBridge.kind, variant: 'per-mac' };
  const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/flat.yaml'), DEFAULTS.dataPlanes, choice);
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology });
  const plane = await linuxBridge.bringUp(lab, 'per-mac');
  const host = lab.node(topology.host.node);
  const shown = async () => {
    const [{ stdout: ports }, { stdout: addresses }] = await Promise.all([
      host.exec(['bridge', '-d', 'link', 'show']),
      host.exec(['bridge', 'fdb', 'show', 'br', topology.host.nic, 'brport', 'vm2']),
    ]);
    // Two lines for each port, of which the first has its number; what was learned comes and goes.
    const port = ports.split('\n').flatMap((line, at, all) => (line.includes(' vm2@') ? [line, all[at + 1]] : []));
    return [...port, ...addresses.split('\n').filter((line) => line.includes('static'))];
  };
  const before = await shown();
  expect(before[1]).toContain('learning off');
  expect(before.length).toBe(3);

  const change = need(portOf(plane, 'vm2'));
  const applied = await lab.apply(change);
  expect(await shown()).toEqual([]);
  await applied.undo();
  expect(await shown()).toEqual(before);
  await (await lab.apply({ ...change, steps: [] })).undo();
  expect(await shown()).toEqual(before);
});
