import { expect, test } from '@playwright/test';
import { TestbedError } from '../testbed/error.js';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { appctl, select, type OvsSockets } from './ask.js';
import { portNames } from './macTable.js';
import { BRIDGE } from './bridge.js';
import { asOvsPlane } from './testing/asOvsPlane.js';

const PORTS = [{ table: 'Port', columns: ['name', 'tag', 'interfaces'] }];

test('a switch and its database say the same by their own protocol and by programs, and refuse in one sentence', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const { ovs } = asOvsPlane(await bringUpDefault(lab));
  const { node, env, control } = ovs;
  const direct: OvsSockets = { node, env, control, database: ovs.database.replace(/^unix:/, '') };
  const byPrograms: OvsSockets = { ...direct, node: { ...node, shortcuts: {} } };

  const shown = await appctl(direct, ['dpif/show']);
  // Its first line counts.
  expect(portNames(await appctl(byPrograms, ['dpif/show']))).toEqual(portNames(shown));
  expect([...portNames(shown).values()].sort()).toEqual(
    expect.arrayContaining([BRIDGE, ...lab.topology.legs.map(({ hostPort }) => hostPort)]),
  );
  expect(portNames(shown).get('LOCAL')).toBe(BRIDGE);
  const [rows = []] = await select(direct, PORTS);
  expect(rows.map(({ name }) => name)).toContain(BRIDGE);
  expect(await select(byPrograms, PORTS)).toEqual([rows]);

  for (const way of [direct, byPrograms]) {
    await expect(appctl(way, ['no/such-command']), 'a command').rejects.toThrow(/no\/such-command/);
    await expect(appctl(way, ['bond/show', 'bond9']), 'a bond').rejects.toThrow(/no such bond/);
    await expect(select(way, [{ table: 'Nothing', columns: ['name'] }]), 'a table').rejects.toThrow(/Nothing/);
    await expect(appctl({ ...way, control: `${control}.gone` }, ['dpif/show'])).rejects.toThrow(TestbedError);
  }
  // One that has stopped is waited for no longer than was said.
  const signal = (name: string) =>
    node.exec(['sh', '-c', `kill -${name} $(pgrep -f '^ovs-vswitchd.*${node.scratch}/')`]);
  await signal('STOP');
  for (const way of [direct, byPrograms]) await expect(appctl(way, ['dpif/show'], 1_000)).rejects.toThrow(TestbedError);
  await signal('CONT');
  expect(await appctl(direct, ['dpif/show'])).toContain(BRIDGE);
});
