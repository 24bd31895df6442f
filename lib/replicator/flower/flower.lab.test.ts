import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { dataPlaneNamed, testbedNamed } from '../../registries.js';
import { loadTopology } from '../../run/loadTopology.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { tcFlower } from '../tcFlower.js';
import { BOTH, reach, type Source } from '../testing/reach.js';

test.skip(!ARE_ASKED, notTested('filters of flower in guests'));
// Builds the guest the first time.
test.setTimeout(600_000);

const VARIANT = '802.3ad';
const VLAN = 20;
/** As a program sends it on a leg: there no bridge moves it beside the bytes. */
const IN_BYTES = [{ tpid: 0x8100, vid: VLAN, pcp: 0, dei: false }] as const;

test('filters copy ARP, NS and NA with a tag beside the bytes, also behind an extension header, and nothing else', async () => {
  const bond = dataPlaneNamed('kernel-bond', DEFAULTS);
  const choice = { kind: bond.kind, variant: VARIANT };
  const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'), DEFAULTS.dataPlanes, choice);
  await using testbed = await testbedNamed('vm', DEFAULTS).open({ binding: null });
  await using lab = await testbed.open({ topology });
  const plane = await bond.bringUp(lab, VARIANT);
  const [vm] = topology.vms;
  const [leg, other] = topology.legs;
  if (vm === undefined || leg === undefined || other === undefined) throw new RangeError('no VM, or no two legs');
  const fromVm: Source = { node: vm.node, port: vm.nic, mac: vm.mac };
  const onLeg: Source = { node: topology.host.node, port: leg.hostPort, mac: vm.mac };
  const host = lab.node(topology.host.node);
  const wrong = async () => (await installed.audit()).flatMap(({ ok, value }) => (ok ? [] : [value]));

  expect(await reach(lab, 'garp-request', fromVm, VLAN)).not.toEqual(BOTH);
  const installed = await tcFlower.install({ lab, plane });
  await installed.settled();
  expect(await wrong()).toEqual([]);
  for (const kind of ['garp-request', 'arp-reply-unicast', 'ns-multicast', 'na-unsolicited', 'ns-ext-header'] as const)
    expect(await reach(lab, kind, fromVm, VLAN), kind).toEqual(BOTH);
  for (const kind of ['rs', 'mld-report', 'data-udp', 'near-miss-tcp6-135'] as const)
    expect(await reach(lab, kind, fromVm, VLAN), kind).not.toEqual(BOTH);
  // Flower looks for the tag behind the tag, where a packet socket has set the network header (packet_parse_headers).
  for (const kind of ['garp-request', 'ns-multicast'] as const) {
    expect(await reach(lab, kind, onLeg, null), `${kind} without a tag`).toEqual(BOTH);
    const tagged = await reach(lab, kind, onLeg, VLAN, IN_BYTES);
    expect(tagged, `${kind} with a tag in its bytes`).toEqual({ ...BOTH, [other.leaf]: false });
  }

  await host.exec(['tc', 'filter', 'del', 'dev', leg.hostPort, 'egress', 'pref', '1']);
  expect(await wrong()).toEqual(['copies are not let pass']);
  await installed.settled();
  expect(await wrong()).toEqual([]);
  await installed[Symbol.asyncDispose]();
  expect((await host.exec(['tc', 'qdisc', 'show'])).stdout).not.toContain('clsact ffff: dev up-');
  expect(await reach(lab, 'garp-request', fromVm, VLAN)).not.toEqual(BOTH);
});
