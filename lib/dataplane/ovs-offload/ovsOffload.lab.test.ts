import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { testbedNamed } from '../../registries.js';
import { broadcastNeighbor } from '../../replicator/broadcastNeighbor.js';
import { loadTopology } from '../../run/loadTopology.js';
import { need } from '../../testbed/capability.js';
import { wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { ovsOffload } from './plane.js';
import { OVS_OFFLOAD, VARIANTS } from './traits.js';

test.skip(!ARE_ASKED, notTested('flows in tc above a bond of the kernel, in guests'));
/** Builds the guest the first time. */
const LONGEST_MS = 600_000;
test.describe.configure({ mode: 'default', timeout: LONGEST_MS });

const run = (replicator: string) =>
  wholeRun(
    ...['--testbed', 'vm', '--data-plane', OVS_OFFLOAD, '--replicator', replicator],
    ...['--scenario', 'every ARP form', '--controls', 'none', '--workers', '1'],
  );

test('flows in tc hand every ARP form to the bond, which copies it by its option, and without that to one leaf', async () => {
  const on = await run(broadcastNeighbor.name);
  expect(on.report.experiments.map(({ verdict }) => verdict)).toEqual(['pass']);
  const [off] = (await run('none')).report.experiments;
  expect(off?.verdict).toBe('fail');
  expect(new Set(off?.judgement?.findings.map(({ signature }) => signature))).toEqual(new Set(['missing']));
});

test('the audit tells the flows in tc with their outputs, and that there are none where the switch keeps them', async () => {
  const variant = VARIANTS[0];
  const choice = { kind: OVS_OFFLOAD, variant };
  const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'), DEFAULTS.dataPlanes, choice);
  await using testbed = await testbedNamed('vm', DEFAULTS).open({ binding: null });
  await using lab = await testbed.open({ topology });
  const plane = await ovsOffload.bringUp(lab, variant);
  const gateway = topology.networks.find(({ vlan }) => vlan === 20)?.gateway4 ?? '';
  /** A flow goes when nothing came by it for 10 s, so that it is there when it is asked for. */
  const speakAndAudit = async () => {
    await lab.node('vm1').exec(['ip', 'neigh', 'flush', 'all']);
    await lab.node('vm1').exec(['ping', '-c', '1', '-W', '5', gateway], { mayFail: true });
    return new Map((await plane.audit()).map((fact) => [fact.name, fact]));
  };
  const offloaded = await speakAndAudit();
  expect([...offloaded.values()].filter(({ ok }) => !ok)).toEqual([]);
  expect(offloaded.get('neighbor flows in tc')).toMatchObject({
    value: expect.stringMatching(/of ARP from vm1 with \d outputs?/),
    listing: expect.stringContaining('dp:tc'),
  });
  expect(offloaded.get('filters of these flows')?.listing).toContain('"arp_tip"');

  const vsctl = ['ovs-vsctl', `--db=unix:${lab.node(topology.host.node).scratch}/ovs/db.sock`];
  await lab.node(topology.host.node).exec([...vsctl, 'set', 'Open_vSwitch', '.', 'other_config:hw-offload=false']);
  // It takes effect when the switch is started.
  await lab.apply(need(plane.restart));
  const kept = await speakAndAudit();
  const wrong = [...kept.values()].filter(({ ok }) => !ok).map(({ name }) => name);
  expect(wrong).toEqual(['hw-offload', 'shared block of filters', 'neighbor flows in tc']);
  expect(kept.get('neighbor flows in the module')?.value).toMatch(/of ARP from vm1/);
});
