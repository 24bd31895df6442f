import type { Signature } from '../../judge/types.js';
import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroupTwoTags as profile } from '../../profile/table/ovsGroupTwoTags.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { NEIGHBOR_MATCHES, RIGHT, type RecipeOptions } from '../../replicator/ovs/recipe.js';
import { ovsGroupTwoTags } from '../../replicator/ovs/twoTags.js';
import type { OvsMutant } from './types.js';

/** What a switch that reads one tag sees behind the outer one of two. */
const A_SECOND_TAG = 'dl_type=0x8100';

const onOneTag = (
  name: string,
  description: string,
  mustFind: readonly Signature[],
  wrong: Partial<RecipeOptions>,
): OvsMutant => ({
  name,
  description,
  mustFind,
  profile,
  on: OVS_PLANES,
  install: ({ plane }) => reconcile(plane, { ...RIGHT, ...wrong }),
});

/** What goes wrong with frames that have two tags. */
export const TWO_TAG_MUTANTS: readonly OvsMutant[] = [
  // As every bridge is unless somebody sets its vlan-limit: the same flows, and none of them matches.
  onOneTag(
    'reads-one-tag',
    'The right flows on a switch that reads one tag: behind two of them it finds no ARP and no ND.',
    ['missing'],
    {},
  ),
  // What is tempting there: it cannot be told what is behind the second tag, so all of it is copied.
  onOneTag(
    'copies-all-with-two-tags',
    'Every frame with two tags is copied, data too, as the switch reads one tag.',
    ['data-replicated'],
    { matches: [...NEIGHBOR_MATCHES, A_SECOND_TAG] },
  ),
  // Like a provider edge that gives the customer's frame back.
  {
    ...ovsGroupTwoTags,
    name: 'drops-outer-tag',
    description: 'The second copy of a trunk leaves without its outer tag.',
    mustFind: ['identity'],
    install: async ({ lab, plane }) => {
      await plane.ovs.vsctl(['set', 'Open_vSwitch', '.', 'other_config:vlan-limit=2']);
      return reconcile(plane, {
        ...RIGHT,
        buckets: ({ ofport, name }) => [
          name === lab.topology.legs[1]?.hostPort ? `actions=pop_vlan,output:${ofport}` : `actions=output:${ofport}`,
        ],
        senders: ({ trunks }) => trunks.length > 0,
      });
    },
  },
];
