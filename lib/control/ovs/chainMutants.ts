import { tableOf, withoutTable, type NftFamily } from '../../lab/nftTable.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { Topology } from '../../topology/model.js';
import type { OvsMutant } from './types.js';

const TABLE = 'everyleaf_chain_mutant';

/** The right recipe, and something wrong in front of it. */
function behind(
  told: Pick<OvsMutant, 'name' | 'description' | 'mustFind'>,
  family: NftFamily,
  lines: (topology: Topology) => readonly string[],
): OvsMutant {
  return {
    ...told,
    profile: ovsGroup,
    on: ['chain'],
    async install({ lab, plane }) {
      const node = lab.node(lab.topology.host.node);
      const nft = (input: string) => node.exec(['nft', '-f', '-'], { input });
      const right = await reconcile(plane, RIGHT);
      await nft(tableOf(family, TABLE, lines(lab.topology)));
      return {
        ...right,
        async [Symbol.asyncDispose]() {
          await nft(withoutTable(family, TABLE));
          await right[Symbol.asyncDispose]();
        },
      };
    },
  };
}

/** What goes wrong where VMs are behind a firewall. */
export const CHAIN_MUTANTS: readonly OvsMutant[] = [
  // Like rules that were written when there was only IPv4: what they do not name is dropped.
  behind(
    {
      name: 'firewall-forgets-nd',
      description: "The right copies, behind a firewall that lets a VM's ARP through and none of its NS and NA.",
      mustFind: ['missing'],
    },
    'bridge',
    () => [
      ' chain forgets {',
      '  type filter hook forward priority -1;',
      '  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } drop',
      ' }',
    ],
  ),
  // Like a recipe that is put where the chain begins, and then once more where it ends.
  behind(
    {
      name: 'copies-in-front',
      description: 'The right copies, and one more of each ARP frame that is made before the firewall.',
      mustFind: ['duplicate'],
    },
    'netdev',
    ({ vms }) =>
      vms.map(
        ({ hostPort }, index) =>
          ` chain in_front${index} { type filter hook ingress device "${hostPort}" priority 0; ether type arp dup to "qvb${index}"; }`,
      ),
  ),
];
