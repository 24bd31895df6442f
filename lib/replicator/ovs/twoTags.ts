import type { AuditFact } from '../../evidence/types.js';
import { OVS_PLANES, type OvsPlane } from '../../ovs/ovsPlane.js';
import { ovsGroupTwoTags as profile } from '../../profile/table/ovsGroupTwoTags.js';
import type { Replicator } from '../types.js';
import { reconcile } from './reconciler.js';
import { RIGHT } from './recipe.js';

/** Tags that Open vSwitch can read at most (include/openvswitch/flow.h, FLOW_MAX_VLAN_HEADERS). */
const TAGS = 2;

/**
 * How many tags flows can look behind: 1 unless somebody sets it (ovs-vswitchd.conf.db(5), vlan-limit). What is behind
 * more is no ARP and no ND to them, but data of EtherType 0x8100.
 */
export function limitIn(otherConfig: string): string {
  return /vlan-limit="?(\d+)/.exec(otherConfig)?.[1] ?? '1, the default';
}

/** P15: flows see what is behind two tags. */
export function tagsFact(limit: string): AuditFact {
  return {
    name: 'tags that flows look behind',
    ok: limit === String(TAGS),
    value: limit,
    command: 'ovs-vsctl get Open_vSwitch . other_config',
  };
}

/** The group recipe on a switch that reads two tags: its matches then mean what is behind both. */
export const ovsGroupTwoTags: Replicator<OvsPlane> = {
  name: 'ovs-group-two-tags',
  description: 'As ovs-group, with other_config:vlan-limit=2: also ARP, NS and NA behind two VLAN tags (QinQ).',
  profile,
  // Of the planes of Open vSwitch it is the one whose VMs may have trunks.
  on: OVS_PLANES,
  async install({ plane }) {
    const { ovs } = plane;
    await ovs.vsctl(['set', 'Open_vSwitch', '.', `other_config:vlan-limit=${TAGS}`]);
    const group = await reconcile(plane, RIGHT);
    return {
      ...group,
      async audit() {
        const [facts, config] = await Promise.all([
          group.audit(),
          ovs.vsctl(['get', 'Open_vSwitch', '.', 'other_config']),
        ]);
        return [...facts, tagsFact(limitIn(config))];
      },
      async [Symbol.asyncDispose]() {
        await group[Symbol.asyncDispose]();
        await ovs.vsctl(['remove', 'Open_vSwitch', '.', 'other_config', 'vlan-limit']);
      },
    };
  },
};
