import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { testbedNamed } from '../../registries.js';
import { loadTopology } from '../../run/loadTopology.js';
import { need } from '../../testbed/capability.js';
import { portOf } from '../../testing/portOf.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { kernelBond } from './bond.js';

test.skip(!ARE_ASKED, notTested('ports that come and go above a bond of the kernel'));
// Builds the guest the first time.
test.setTimeout(600_000);

const VARIANT = 'active-backup'; // No LACP to wait for: the bridge is the same above each.

test('an access and a trunk port go and come back with their VLANs, also if they had not gone', async () => {
  const choice = { kind: kernelBond.kind, variant: VARIANT };
  const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'), DEFAULTS.dataPlanes, choice);
  await using testbed = await testbedNamed('vm', DEFAULTS).open({ binding: null });
  await using lab = await testbed.open({ topology });
  const plane = await kernelBond.bringUp(lab, VARIANT);
  const host = lab.node(topology.host.node);
  const vlansOf = async (port: string): Promise<unknown> => {
    const { stdout } = await host.exec(['bridge', '-j', 'vlan', 'show']);
    const shown = JSON.parse(stdout) as readonly { readonly ifname: string; readonly vlans: unknown }[];
    return shown.find(({ ifname }) => ifname === port)?.vlans;
  };
  const flags = ['PVID', 'Egress Untagged'];
  for (const [port, vlans] of [
    ['vm2', [{ vlan: 20, flags }]],
    ['vm3', [{ vlan: 20 }, { vlan: 30 }]],
  ] as const) {
    expect(await vlansOf(port)).toEqual(vlans);
    const change = need(portOf(plane, port));
    const applied = await lab.apply(change);
    expect(await vlansOf(port)).toBeUndefined();
    await applied.undo();
    expect(await vlansOf(port)).toEqual(vlans);
    await (await lab.apply({ ...change, steps: [] })).undo();
    expect(await vlansOf(port)).toEqual(vlans);
  }
});
