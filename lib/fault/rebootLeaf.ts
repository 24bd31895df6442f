import { raiseGateways } from '../dataplane/ovs-bond/leafSwitch.js';
import { carrierChanges, open, shut } from './carrier.js';
import { edge } from './edge.js';
import type { FaultSite, FaultVerb } from './types.js';

function leafOf({ lab, host, leg }: FaultSite) {
  const leaf = lab.topology.leaves.find((one) => one.name === leg.leaf);
  const ovs = host.leaves.get(leg.leaf);
  if (leaf === undefined || ovs === undefined) throw new RangeError(`no leaf at the end of ${leg.name}`);
  return { leaf, ovs };
}

export const rebootLeaf: FaultVerb = {
  name: 'rebootLeaf',
  undoName: 'leafBack',
  title: 'the leaf reboots',
  undoTitle: 'the leaf is back with empty tables',
  whatATechnicianSees:
    "The leaf's console shows its boot; every port of it is dark. When it is back, its MAC and neighbor tables are empty, and it announces no host route until it has learned again.",
  bondLeaves: 'at once',
  changes: (site) => {
    const { begin, end } = carrierChanges(site, 'rebootLeaf', 'leafBack');
    return {
      begin: [...begin, { type: 'daemon', what: 'switch', node: site.leg.leaf, state: 'down', verb: 'rebootLeaf' }],
      end: [...end, { type: 'daemon', what: 'switch', node: site.leg.leaf, state: 'up', verb: 'leafBack' }],
    };
  },
  async begin(site) {
    const cut = await shut(site, 'leaf');
    const { ovs } = leafOf(site);
    const boot = await edge(site.lab, async () => {
      // What a leaf keeps over a reboot is its configuration. Its gateways are ports of the daemon and go with it, and their neighbors with them.
      await ovs.restartDaemon();
    });
    return { fromNs: cut.fromNs, toNs: boot.toNs };
  },
  async end(site) {
    const { leaf, ovs } = leafOf(site);
    const begun = await site.lab.now();
    await raiseGateways(site.lab, site.lab.topology, leaf);
    await ovs.node.exec(['ip', 'neigh', 'flush', 'all']);
    const { toNs } = await open(site);
    return { fromNs: begun, toNs };
  },
};
