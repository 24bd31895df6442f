import { expect } from '@playwright/test';
import { HANGS_MS } from '../../../testing/limits.js';
import { until } from '../../../until.js';
import { ReplicatorError } from '../../error.js';
import { installRestartable } from '../../restartable.js';
import { labTest as test, processes } from '../../testing/labTest.js';
import { BOTH, reach } from '../../testing/reach.js';
import { ovsController } from '../controlled.js';
import { installController, type Reach } from './install.js';
import type { AuditFact } from '../../../evidence/types.js';
import type { Lab } from '../../../testbed/lab.js';

const vm1 = (lab: Lab) => {
  const vm = lab.topology.vms[0];
  if (vm === undefined) throw new RangeError('no VM');
  return { node: vm.node, port: vm.nic, mac: vm.mac };
};
const values = (facts: readonly AuditFact[]) => Object.fromEntries(facts.map(({ name, value }) => [name, value]));
const wrong = (facts: readonly AuditFact[]) => facts.flatMap(({ name, ok }) => (ok ? [] : [name]));

test('it installs the recipe, follows ports, outlives nothing but its flows, and takes back what it set', async ({
  raised: { lab, plane },
}) => {
  const { ovs } = plane;
  const target = `unix:${String(ovs.env['OVS_RUNDIR'])}/controller`;
  const flows = () => ovs.ofctl(['dump-flows', 'br0']);
  {
    await using installed = await installRestartable(ovsController, { lab, plane });
    expect(await processes(lab)).toContain('controller/program.js');
    expect(values(await installed.audit())).toMatchObject({
      controller: expect.stringMatching(new RegExp(`^${target}: connected, datapath [0-9a-f]{16}$`)),
      fail_mode: 'secure',
      'hidden flows': 'none',
    });
    expect(wrong(await installed.audit())).toEqual([]);
    for (const kind of ['arp-reply-unicast', 'na-solicited', 'ns-dad'] as const)
      expect(await reach(lab, kind, vm1(lab), 20)).toEqual(BOTH);

    await ovs.vsctl(['set', 'port', 'vm1', 'tag=30']);
    await until('flows with the new tag', HANGS_MS, async () =>
      (await flows()).includes(`set_field:${0x1000 | 30}`) ? true : null,
    );
    expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 30)).toEqual(BOTH);

    await ovs.restartDaemon();
    await installed.settled();
    expect(await reach(lab, 'na-solicited', vm1(lab), 30)).toEqual(BOTH);

    await installed.kill();
    expect(await processes(lab)).not.toContain('controller/program.js');
    expect(wrong(await installed.audit())).toEqual(['controller']);
    expect(values(await installed.audit())['controller']).toMatch(/: not connected: the controller ended with SIGKILL/);
    expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 30)).toEqual(BOTH);
    // Nobody hears of this: what is there stays as it is.
    await ovs.vsctl(['set', 'port', 'vm1', 'tag=20']);
    await installed.start();
    expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 20)).toEqual(BOTH);
    expect(wrong(await installed.audit())).toEqual([]);
    expect(installed.broken()).toBeNull();
  }
  expect(await processes(lab)).not.toContain('controller/program.js');
  expect(await ovs.vsctl(['get-controller', 'br0'])).toBe('');
  expect(await ovs.vsctl(['get-fail-mode', 'br0'])).toBe('');
  expect(await flows()).not.toContain('group:');
});

test('a flow that the switch refuses fails it with the flow and the reason, and nothing of it stays', async ({
  raised: { lab, plane },
}) => {
  const { ovs } = plane;
  const limit = ['create', 'Flow_Table', 'flow_limit=2', 'overflow_policy=refuse'];
  await ovs.vsctl(['--', '--id=@full', ...limit, '--', 'set', 'bridge', 'br0', 'flow_tables:0=@full']);
  const error: unknown = await ovsController.install({ lab, plane }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ReplicatorError);
  expect(String(error)).toMatch(
    /installed nothing: .* the switch refuses "flow add table=0,.*: OFPET_FLOW_MOD_FAILED, code 1/,
  );
  expect(await processes(lab)).not.toContain('controller/program.js');
  expect(await ovs.vsctl(['get-controller', 'br0'])).toBe('');
  expect(await ovs.vsctl(['get-fail-mode', 'br0'])).toBe('');
});

test("over TCP, in band, the host's own ARP requests take one leg by flows that no dump-flows shows; out of band none do", async ({
  raised: { lab, plane },
}) => {
  const { ovs } = plane;
  const by = (reached: Reach) => ({ ...ovsController, install: () => installController(plane, { reach: reached }) });
  const { node, mac } = lab.topology.host;
  const asks = async () => reach(lab, 'arp-request-broadcast', { node, port: 'br0', mac }, null);
  {
    await using installed = await installRestartable(by('in-band'), { lab, plane });
    const facts = await installed.audit();
    expect(wrong(facts)).toEqual(['hidden flows']);
    expect(values(facts)['controller']).toMatch(/^tcp:127\.0\.0\.1:\d+: connected/);
    expect(values(facts)['hidden flows']).toContain(`arp,dl_src=${mac},arp_op=1,actions=NORMAL`);
    expect(await ovs.ofctl(['dump-flows', 'br0'])).not.toContain('arp_op=1');
    expect(Object.values(await asks()).filter((one) => one)).toHaveLength(1);
    // What they do not match is copied as ever.
    expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 20)).toEqual(BOTH);
  }
  await using installed = await installRestartable(by('out-of-band'), { lab, plane });
  expect(wrong(await installed.audit())).toEqual([]);
  expect(await asks()).toEqual(BOTH);
});

test('where it fails open, a dead one leaves a hidden flow that takes one leg, and its audit names it', async ({
  raised: { lab, plane },
}) => {
  const { ovs } = plane;
  const standalone = { ...ovsController, install: () => installController(plane, { failMode: 'standalone' }) };
  await using installed = await installRestartable(standalone, { lab, plane });
  // Open vSwitch waits three times as long: not at all.
  await ovs.vsctl(['set', 'controller', 'br0', 'inactivity_probe=0']);
  expect(wrong(await installed.audit())).toEqual(['fail_mode']);
  await installed.kill();
  await until('the hidden flow', HANGS_MS, async () =>
    wrong(await installed.audit()).includes('hidden flows') ? true : null,
  );
  // An audit asks one thing after the other: the one that saw the hidden flow may have asked for the group before.
  const facts = await installed.audit();
  expect(wrong(facts)).toEqual(['group', 'flows', 'controller', 'fail_mode', 'hidden flows']);
  expect(values(facts)).toMatchObject({
    fail_mode: 'standalone',
    'hidden flows': 'priority=15790320,actions=NORMAL',
  });
  expect(await ovs.ofctl(['dump-flows', 'br0'])).not.toContain('NORMAL');
  const seen = Object.values(await reach(lab, 'arp-reply-unicast', vm1(lab), 20));
  expect(seen.filter((one) => one)).toHaveLength(1);
  await installed.start();
  expect(wrong(await installed.audit())).toEqual(['fail_mode']);
  expect(await reach(lab, 'arp-reply-unicast', vm1(lab), 20)).toEqual(BOTH);
});
