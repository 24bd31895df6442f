import { need } from '../testbed/capability.js';
import { carrierChanges, open, shut } from './carrier.js';
import { edge } from './edge.js';
import { leafAt, takeSteps } from './steps.js';
import type { FaultVerb } from './types.js';

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
  lacking: (site) => {
    const { reboot } = leafAt(site);
    return Promise.resolve(reboot.ok ? null : reboot.lack);
  },
  async begin(site) {
    const cut = await shut(site, 'leaf');
    const boot = await edge(site.lab, () => takeSteps(site, need(leafAt(site).reboot).steps));
    return { fromNs: cut.fromNs, toNs: boot.toNs };
  },
  async end(site) {
    const begun = await site.lab.now();
    await takeSteps(site, need(leafAt(site).reboot).undo);
    const { toNs } = await open(site);
    return { fromNs: begun, toNs };
  },
};
