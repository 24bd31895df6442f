import { mapOffer } from '../testbed/capability.js';
import { carrierEffects } from './carrierEffects.js';
import { inTurn } from './changes.js';
import type { Fault, NoArguments } from './fault.js';
import { leafAt } from './leafAt.js';

export const rebootLeaf: Fault<NoArguments> = {
  name: 'rebootLeaf',
  undoName: 'leafBack',
  title: 'the leaf reboots',
  undoTitle: 'the leaf is back with empty tables',
  pastTense: 'behind a rebooting leaf',
  whatATechnicianSees:
    "The leaf's console shows its boot; every port of it is dark. When it is back, its MAC and neighbor tables are empty, and it announces no host route until it has learned again.",
  bond: 'reacts at once',
  waitsFor: 'bond and replicator',
  defaults: {},
  plan(site) {
    const dark = mapOffer(site.lab.link(site.leg.name).shut, (shut) => shut('b'));
    const boot = leafAt(site).reboot;
    return dark.ok ? mapOffer(boot, (change) => inTurn(`${site.leg.leaf} reboots`, [dark.use, change])) : dark;
  },
  effects(site) {
    const { begin, end } = carrierEffects(site);
    return {
      begin: [...begin, { type: 'daemon', what: 'switch', node: site.leg.leaf, state: 'down' }],
      end: [...end, { type: 'daemon', what: 'switch', node: site.leg.leaf, state: 'up' }],
    };
  },
};
