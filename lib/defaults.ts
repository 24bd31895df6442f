import { MUTANTS } from './control/ovs/registry.js';
import { TAMPERS } from './control/tamper/registry.js';
import { linuxBridge } from './dataplane/linux-bridge/bridge.js';
import { ovsBond } from './dataplane/ovs-bond/bond.js';
import { FAULTS } from './fault/builtIn.js';
import { anolis } from './profile/table/anolis.js';
import { everyNeighborFrame } from './profile/table/everyNeighborFrame.js';
import { linuxBroadcastNeighbor } from './profile/table/linuxBroadcastNeighbor.js';
import { nftDup as nftDupProfile } from './profile/table/nftDup.js';
import { ovsGroup as ovsGroupProfile } from './profile/table/ovsGroup.js';
import { sonicDualTor } from './profile/table/sonicDualTor.js';
import type { Registries } from './registries.js';
import { nftDup } from './replicator/nftDup.js';
import { none } from './replicator/none.js';
import { ovsGroup } from './replicator/ovsGroup.js';
import { openNetnsTestbed } from './testbed/netns/testbed.js';

/**
 * Everything that is built in. This is the only file that knows a testbed or a data plane by its name; a new one is one
 * file, or one folder, and one line here. The first of each list is the default.
 */
export const DEFAULTS: Registries = {
  testbeds: [{ name: 'netns', open: openNetnsTestbed }],
  dataPlanes: [ovsBond, linuxBridge],
  replicators: [ovsGroup, nftDup, none],
  faults: Object.values(FAULTS),
  profiles: [everyNeighborFrame, linuxBroadcastNeighbor, anolis, ovsGroupProfile, nftDupProfile, sonicDualTor],
  mutants: MUTANTS,
  tampers: TAMPERS,
};
