import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';
import { ovsGroup } from './ovsGroup.js';

/** The promises of `ovs-group`, also behind two tags. */
export const ovsGroupTwoTags: Profile = {
  ...ovsGroup,
  name: 'ovs-group-two-tags',
  title: 'Open vSwitch that reads two tags, ARP, NS and NA into a group of type all',
  source: 'The flows of ovs-group with other_config:vlan-limit=2, tried on Open vSwitch 3.1, userspace datapath',
  duties: {
    ...ovsGroup.duties,
    ...rows(NEIGHBOR_KINDS, everyForm('replicated')),
    'ns-ext-header': everyForm('replicated'),
  },
};
