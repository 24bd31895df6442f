import { readLacp } from '../../dataplane/ovs-bond/lacpState.js';
import { DURATIONS } from '../../durations.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { until } from '../../until.js';
import { none } from '../../replicator/none.js';
import type { Mutant } from '../../replicator/types.js';

/** Locally administered, and no system of any topology. */
const FOREIGN_SYSTEM = '02:00:00:ff:ff:fd';

/** Nothing is wrong with the host: one leaf was set up with another LACP system id, and who follows the bond uses one leg only. */
export const splitAggregator: Mutant = {
  name: 'split-aggregator',
  description:
    'One leaf says another LACP system id, so that the bond uses one leg only, and nothing is copied to the other.',
  profile: ovsGroup,
  mustShow: ['split-aggregator'],
  async install(lab, host) {
    const leg = lab.topology.legs.at(-1);
    if (leg === undefined) throw new RangeError('no leg to split');
    await host.leaves
      .get(leg.leaf)
      ?.vsctl(['set', 'port', leg.leafPort, `other_config:lacp-system-id="${FOREIGN_SYSTEM}"`]);
    let heard = '';
    await until(
      `the host to hear ${FOREIGN_SYSTEM}`,
      DURATIONS.lacpNegotiation,
      async () => {
        const members = readLacp(await host.ovs.appctl(['lacp/show', lab.topology.host.bond.name]));
        heard = members.map((member) => `${member.port} ${member.partner}`).join(', ');
        return members.some((member) => member.partner === FOREIGN_SYSTEM) ? true : null;
      },
      () => heard,
    );
    return none.install(lab, host);
  },
};
