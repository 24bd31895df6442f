import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { none } from '../../replicator/none.js';
import type { Mutant } from '../../replicator/types.js';
import { refreshing } from './refreshing.js';

export const refresher: Mutant = {
  name: 'refresher',
  description: "Nothing is copied; gratuitous ARP of every sender on every leg keeps the leaves' tables looking fine.",
  profile: ovsGroup,
  mustShow: ['missing'],
  install: async (lab, host) => refreshing(await none.install(lab, host), lab),
};
