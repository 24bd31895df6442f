import { expect, test } from '@playwright/test';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../../testing/defaultLab.js';
import { portOf } from '../../testing/portOf.js';
import { need } from '../../testbed/capability.js';

test('the port of a VM goes and comes back with its VLANs and its address, also if it had not gone', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const plane = await bringUpDefault(lab);
  const host = lab.node(lab.topology.host.node);
  const { env } = plane.shell;
  const ask = async (...args: readonly string[]) =>
    (await host.exec(['ovs-vsctl', `--db=unix:${host.scratch}/ovs/db.sock`, ...args], { env })).stdout;
  const ports = async () => (await ask('list-ports', 'br0')).trim().split('\n').sort();
  const columns = async () =>
    [
      await ask('--columns=name,tag,trunks,vlan_mode', 'list', 'port', 'vm3'),
      await ask('--columns=name,external_ids', 'list', 'interface', 'vm3'),
    ].join('');
  const [before, as] = [await ports(), await columns()];
  expect(before).toContain('vm3');
  expect(as).toMatch(/attached-mac.*02:/);

  const change = need(portOf(plane, 'vm3'));
  const applied = await lab.apply(change);
  expect(await ports()).toEqual(before.filter((name) => name !== 'vm3'));
  await applied.undo();
  expect(await ports()).toEqual(before);
  expect(await columns()).toBe(as);

  await (await lab.apply({ ...change, steps: [] })).undo();
  expect(await ports()).toEqual(before);
  expect(await columns()).toBe(as);

  expect(plane.withoutPort?.('vm9')).toMatchObject({ ok: false, lack: { output: 'there are vm1, vm2, vm3' } });
});
