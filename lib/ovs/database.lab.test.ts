import { expect, test } from '@playwright/test';
import { putFile, readFiles } from '../lab/files.js';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { transact } from './ask.js';
import { map } from './bridge.js';
import { awaitAddress, emptyDatabase } from './database.js';
import { startOvs } from './switch.js';
import { asOvsPlane } from './testing/asOvsPlane.js';

/** Has its socket, and ends with words of its own before the bridge is in effect. */
const ENDS = `#!/bin/sh
for word; do case $word in --unixctl=*) touch "\${word#*=}";; esac; done
sleep 1
echo 'no memory for queues' >&2
exit 1
`;

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

test('an empty database is the one that ovsdb-tool makes', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const node = lab.node(lab.topology.host.node);
  const [ours, theirs] = [`${node.scratch}/ours.db`, `${node.scratch}/theirs.db`];
  const [schema = ''] = await readFiles(node, [SCHEMA]);
  await putFile(node, ours, emptyDatabase(schema));
  await node.exec(['ovsdb-tool', '-vsyslog:off', 'create', theirs, SCHEMA]);
  const told = async (file: string) =>
    Promise.all(
      [['db-name'], ['db-version'], ['db-cksum']].map(
        async (what) => (await node.exec(['ovsdb-tool', '-vsyslog:off', ...what, file])).stdout,
      ),
    );
  expect(await told(ours)).toEqual(await told(theirs));
});

test('what ovs-vsctl says of a switch is what it was started with; a port that cannot be used, and a daemon that ends, are told', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const node = lab.node('vm1');
  await node.exec(['ip', 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two']);
  const missing = startOvs(lab.node('vm2'), { ports: [{ name: 'nothere' }] });
  await expect(missing).rejects.toThrow(/^on vm2: nothere: could not open network device nothere/);
  const daemon = `${lab.node('vm3').scratch}/ends`;
  await putFile(lab.node('vm3'), daemon, ENDS);
  await lab.node('vm3').exec(['chmod', '+x', daemon]);
  // At once, not when the wait for its bridge is over.
  await expect(startOvs(lab.node('vm3'), { ports: [] }, daemon)).rejects.toThrow(
    /^on vm3: \S+\/ends ended: no memory for queues$/,
  );
  const ovs = await startOvs(node, {
    columns: { other_config: map({ hwaddr: '02:00:00:00:00:77' }) },
    ports: [
      { name: 'bond0', interfaces: [{ name: 'one' }, { name: 'two' }], columns: { bond_mode: 'active-backup' } },
      { name: 'inside', columns: { tag: 20 }, interfaces: [{ name: 'inside', columns: { type: 'internal' } }] },
    ],
  });
  // Looked at once, without a program: a third of all switches still had another address here.
  const [interfaces = []] = await ovs.select([{ table: 'Interface', columns: ['name', 'mac_in_use'] }]);
  expect(interfaces.find(({ name }) => name === 'br0')).toEqual({ name: 'br0', mac_in_use: '02:00:00:00:00:77' });
  const sockets = { ...ovs, database: ovs.database.replace(/^unix:/, '') };
  await expect(awaitAddress(sockets, 'br0', '02:00:00:00:00:78', 100)).rejects.toThrow(
    /^on vm1: br0 does not have the MAC 02:00:00:00:00:78 that it was given: .*timed out/,
  );
  const get = async (...what: readonly string[]) => (await ovs.vsctl(['get', ...what])).trim();
  expect(await ovs.vsctl(['list-ports', 'br0'])).toBe('bond0\ninside\n');
  expect(await get('bridge', 'br0', 'datapath_type')).toBe('netdev');
  expect(await get('interface', 'br0', 'ofport')).toBe('65534');
  expect(await get('port', 'inside', 'tag')).toBe('20');
  expect(await ovs.appctl(['bond/show', 'bond0'])).toContain('bond_mode: active-backup');
  await ovs.set('Port', 'bond0', { bond_mode: 'balance-slb' });
  expect(await ovs.appctl(['bond/show', 'bond0'])).toContain('bond_mode: balance-slb');
  await expect(ovs.set('Port', 'bond0', { bond_mode: 'none' })).rejects.toThrow(
    /the database says constraint violation/,
  );
});

test('a transaction of which one step is refused changes nothing, by socket and by program', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const { ovs } = asOvsPlane(await bringUpDefault(lab));
  const database = ovs.database.replace(/^unix:/, '');
  const sockets = { node: ovs.node, env: ovs.env, control: ovs.control, database };
  for (const node of [ovs.node, { ...ovs.node, shortcuts: {} }])
    await expect(
      transact({ ...sockets, node }, [
        { op: 'update', table: 'Bridge', where: [], row: { fail_mode: 'secure' } },
        { op: 'update', table: 'Port', where: [], row: { nothing: 1 } },
        { op: 'update', table: 'Port', where: [], row: {} },
      ]),
    ).rejects.toThrow(/^on host: the database says /);
  expect((await ovs.vsctl(['get', 'bridge', 'br0', 'fail_mode'])).trim()).toBe('[]');
});
