import { expect } from '@playwright/test';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import type { Lab } from '../../testbed/lab.js';
import { until } from '../../until.js';
import { ovsGroup } from '../ovsGroup.js';
import { labTest as test, processes } from '../testing/labTest.js';
import { BOTH, reach } from '../testing/reach.js';
import { HANGS_MS } from '../../testing/limits.js';

const GUEST = { node: 'host', port: 'guest', mac: '02:00:00:00:02:0a' };

/** A further VM's port; its other end stays in the host's namespace. */
async function addGuest(lab: Lab, plane: OvsPlane, tag: number): Promise<void> {
  const batch = `link add guest-port type veth peer name ${GUEST.port} address ${GUEST.mac}\nlink set guest-port up\nlink set dev ${GUEST.port} up\n`;
  await lab.node('host').exec(['ip', '-batch', '-'], { input: batch });
  await plane.ovs.vsctl(['add-port', 'br0', 'guest-port', `tag=${tag}`]);
}

/** How many flows say that a frame comes from this port. */
async function flowsFrom(plane: OvsPlane, ofport: string): Promise<number> {
  const flows = await plane.ovs.ofctl(['dump-flows', 'br0', `in_port=${ofport}`]);
  return flows.split('\n').filter((line) => line.includes('resubmit')).length;
}

const vm1 = (lab: Lab) => {
  const vm = lab.topology.vms[0];
  if (vm === undefined) throw new RangeError('no VM');
  return { node: vm.node, port: vm.nic, mac: vm.mac };
};

/** The switch's port of the first VM is named after it. */
const vm1Port = 'vm1';

test('a VM that comes later, moves to another VLAN and goes is served as long as it is there', async ({
  raised: { lab, plane },
}) => {
  await using installed = await ovsGroup.install({ lab, plane });
  await addGuest(lab, plane, 20);
  // No word to the replicator: it must hear of the port by itself.
  const ofport = (await plane.ovs.vsctl(['get', 'interface', 'guest-port', 'ofport'])).trim();
  await until('flows for the new port', HANGS_MS, async () => ((await flowsFrom(plane, ofport)) > 0 ? true : null));
  expect(await reach(lab, 'arp-reply-unicast', GUEST, 20)).toEqual(BOTH);
  expect(await reach(lab, 'ns-dad', GUEST, 20)).toEqual(BOTH);
  await plane.ovs.vsctl(['set', 'port', 'guest-port', 'tag=30']);
  await until('flows with the new tag', HANGS_MS, async () =>
    (await plane.ovs.ofctl(['dump-flows', 'br0', `in_port=${ofport}`])).includes(`set_field:${0x1000 | 30}`)
      ? true
      : null,
  );
  expect(await reach(lab, 'arp-reply-unicast', GUEST, 30)).toEqual(BOTH);
  expect(await reach(lab, 'na-unsolicited', GUEST, 20)).toEqual({ 'leaf-a': false, 'leaf-b': false });
  await plane.ovs.vsctl(['del-port', 'guest-port']);
  await until('no flows for a port that is gone', HANGS_MS, async () =>
    (await flowsFrom(plane, ofport)) === 0 ? true : null,
  );
  expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 20)).toEqual(BOTH);
  await installed.settled();
  expect(installed.broken()).toBeNull();
});

test('after ovs-vswitchd is restarted its tables are filled again', async ({ raised: { lab, plane } }) => {
  await using installed = await ovsGroup.install({ lab, plane });
  for (let round = 0; round < 2; round++) {
    await plane.ovs.restartDaemon();
    await until('flows in the new daemon', HANGS_MS, async () =>
      (await plane.ovs.ofctl(['dump-flows', 'br0'])).includes('group:1') ? true : null,
    );
    await installed.settled();
    expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 20)).toEqual(BOTH);
    expect(await reach(lab, 'na-solicited', vm1(lab), 20)).toEqual(BOTH);
  }
  expect(installed.broken()).toBeNull();
  expect((await installed.audit()).map(({ ok }) => ok)).toEqual([true, true]);
});

test('its audit tells a flow that somebody took away, one that somebody added, and another group', async ({
  raised: { lab, plane },
}) => {
  await using installed = await ovsGroup.install({ lab, plane });
  const wrong = async () =>
    (await installed.audit()).flatMap(({ name, ok, value }) => (ok ? [] : [`${name}: ${value}`]));
  expect(await wrong()).toEqual([]);
  const ofport = (await plane.ovs.vsctl(['get', 'interface', vm1Port, 'ofport'])).trim();
  await plane.ovs.ofctl(['del-flows', 'br0', `in_port=${ofport},arp`]);
  expect(await wrong()).toEqual([expect.stringMatching(/^flows: 1 missing, 0 that .*\+priority=200,arp,in_port=/)]);
  await plane.ovs.ofctl(['add-flow', 'br0', 'priority=300,udp,actions=drop']);
  expect(await wrong()).toEqual([expect.stringMatching(/^flows: 1 missing, 1 that .*-priority=300,udp/)]);
  await plane.ovs.ofctl(['mod-group', 'br0', 'group_id=1,type=all,bucket=output:1']);
  expect(await wrong()).toEqual([
    expect.stringMatching(/^group: group_id=1,type=all,bucket=actions=output:1, and not/),
    expect.stringContaining('flows: '),
  ]);
  await installed.settled();
  expect(await wrong()).toEqual([]);
});

test('while ovs-vswitchd is dead it says so, and afterwards no more', async ({ raised: { lab, plane } }) => {
  await using installed = await ovsGroup.install({ lab, plane });
  await plane.ovs.appctl(['exit']);
  const why = await until('word of the dead daemon', HANGS_MS, () => Promise.resolve(installed.broken()));
  expect(why).toContain('ovs-ofctl');
  await plane.ovs.restartDaemon();
  await until('peace', HANGS_MS, () => Promise.resolve(installed.broken() === null ? true : null));
  expect(await reach(lab, 'garp-reply', vm1(lab), 20)).toEqual(BOTH);
});

test('it leaves no process behind, also when it is closed while the daemon is dead', async ({
  raised: { lab, plane },
}) => {
  const mine = /ovsdb-client|ovs-ofctl/;
  {
    await using installed = await ovsGroup.install({ lab, plane });
    expect(await processes(lab)).toMatch(mine);
    await plane.ovs.appctl(['exit']);
    await until('word of the dead daemon', HANGS_MS, () => Promise.resolve(installed.broken()));
  }
  expect(await processes(lab)).not.toMatch(mine);
});

test('VMs of one host find each other, by broadcast and by unicast', async ({ raised: { lab, plane } }) => {
  await using installed = await ovsGroup.install({ lab, plane });
  const [from, to] = [lab.topology.vms[0], lab.topology.vms[1]];
  const node = lab.node(from?.node ?? '');
  for (const address of [to?.addresses[0]?.ipv4 ?? '', to?.addresses[0]?.ipv6 ?? '']) {
    const ping = ['ping', '-n', '-c', '1', '-W', '2', address];
    expect(await node.exec(ping)).toMatchObject({ code: 0 });
    // An entry that is known and to be confirmed: the kernel asks with a unicast frame (RFC 1122 2.3.2.1, RFC 4861
    // 7.3.3).
    await node.exec([
      'ip',
      'neigh',
      'change',
      address,
      'lladdr',
      to?.mac ?? '',
      'dev',
      from?.nic ?? '',
      'nud',
      'probe',
    ]);
    await until(`${address} to be confirmed`, HANGS_MS, async () =>
      (await node.exec(['ip', 'neigh', 'show', address])).stdout.includes('REACHABLE') ? true : null,
    );
  }
  expect(installed.broken()).toBeNull();
});
