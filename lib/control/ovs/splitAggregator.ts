import { patience } from '../../lab/patience.js';
import { need } from '../../testbed/capability.js';
import { DURATIONS } from '../../durations.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { until } from '../../until.js';
import { none } from '../../replicator/none.js';
import type { Mutant } from '../../replicator/types.js';

/**
 * Nothing is wrong with the host: one leaf was set up with another LACP system id, so any replicator that follows the
 * bond uses only one leg.
 */
export const splitAggregator: Mutant = {
  name: 'split-aggregator',
  description:
    'One leaf says another LACP system id, so that the bond uses one leg only, and nothing is copied to the other.',
  profile: ovsGroup,
  on: 'any',
  mustFind: ['split-aggregator'],
  async install({ lab, plane }) {
    const leg = lab.topology.legs.at(-1);
    if (leg === undefined) throw new RangeError('no leg to split');
    const leaf = plane.leaves.get(leg.leaf);
    if (leaf === undefined) throw new RangeError(`no leaf at the end of ${leg.name}`);
    const split = await lab.apply(need(leaf.splitSystemId));
    let heard = '';
    await until(
      'the host to hear different LACP systems',
      patience(lab.node(plane.node), DURATIONS.lacpNegotiation),
      async () => {
        const members = await plane.members();
        heard = members.map((member) => `${member.leg} ${member.partner ?? 'nobody'}`).join(', ');
        const partners = members.map((member) => member.partner);
        return partners.every((partner) => partner !== null) && new Set(partners).size > 1 ? true : null;
      },
      () => heard,
    );
    return {
      ...(await none.install({ lab, plane })),
      async [Symbol.asyncDispose]() {
        await split.undo();
      },
    };
  },
};
