import { allIcmpv6 } from './allIcmpv6.js';
import { announcesOthers } from './announcesOthers.js';
import { answersToLeavesOnly } from './answersToLeavesOnly.js';
import { arpOnly } from './arpOnly.js';
import { broadcastOnly } from './broadcastOnly.js';
import { copiesLldp } from './copiesLldp.js';
import { dataOnOneLeg } from './dataOnOneLeg.js';
import { delayed } from './held/delayed.js';
import { repeats } from './held/repeats.js';
import { skewed } from './held/skewed.js';
import { dropsInboundTcp } from './dropsInboundTcp.js';
import { dropsTag } from './dropsTag.js';
import { dropsTcp } from './dropsTcp.js';
import { echoes } from './echoes.js';
import { expires } from './expires.js';
import { firstLegOnly } from './firstLegOnly.js';
import { fixedPriority } from './fixedPriority.js';
import { floods } from './floods.js';
import { forgetsTrunks } from './forgetsTrunks.js';
import { gatewayOnly } from './gatewayOnly.js';
import { globalOnly } from './globalOnly.js';
import { groupAndNormal } from './groupAndNormal.js';
import { invents } from './invents.js';
import { inventsStrangers } from './inventsStrangers.js';
import { leavesOnly } from './leavesOnly.js';
import { localMacsOnly } from './localMacsOnly.js';
import { meters } from './meters.js';
import { mirrorBothUplinks } from './mirrorBothUplinks.js';
import { noInPort } from './noInPort.js';
import { off } from './off.js';
import { ownIpOnly } from './ownIpOnly.js';
import { ownMacOnly } from './ownMacOnly.js';
import { pushesFirstTag } from './pushesFirstTag.js';
import { reflectsServers } from './reflectsServers.js';
import { refresher } from './refresher.js';
import { relearns } from './relearns.js';
import { relearnsForAMoment } from './relearnsForAMoment.js';
import { replicateAll } from './replicateAll.js';
import { requestsOnly } from './requestsOnly.js';
import { returnsLate } from './returnsLate.js';
import { rewritesNonce } from './rewritesNonce.js';
import { slaveSourceMac } from './slaveSourceMac.js';
import { splitAggregator } from './splitAggregator.js';
import { staleLiveness } from './staleLiveness.js';
import { storms } from './storms.js';
import { untaggedOnly } from './untaggedOnly.js';
import type { Mutant } from '../../replicator/types.js';

/** Every mutant; a new one is one file and one line here. */
export const MUTANTS: readonly Mutant[] = [
  off,
  firstLegOnly,
  groupAndNormal,
  mirrorBothUplinks,
  noInPort,
  reflectsServers,
  allIcmpv6,
  arpOnly,
  requestsOnly,
  broadcastOnly,
  refresher,
  invents,
  inventsStrangers,
  announcesOthers,
  untaggedOnly,
  replicateAll,
  copiesLldp,
  slaveSourceMac,
  dropsTag,
  pushesFirstTag,
  rewritesNonce,
  gatewayOnly,
  ownMacOnly,
  ownIpOnly,
  localMacsOnly,
  globalOnly,
  fixedPriority,
  floods,
  echoes,
  relearns,
  relearnsForAMoment,
  storms,
  meters,
  dropsTcp,
  dropsInboundTcp,
  leavesOnly,
  answersToLeavesOnly,
  dataOnOneLeg,
  delayed,
  repeats,
  skewed,
  forgetsTrunks,
  expires,
  staleLiveness,
  returnsLate,
  splitAggregator,
];
