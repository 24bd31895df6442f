import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { none } from '../../replicator/none.js';
import type { OvsMutant } from './types.js';
import { refreshing } from './refreshing.js';

export const refresher: OvsMutant = {
  name: 'refresher',
  description: "Nothing is copied; gratuitous ARP of every sender on every leg keeps the leaves' tables looking fine.",
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  install: async ({ lab, plane }) => refreshing(await none.install({ lab, plane }), lab),
};
