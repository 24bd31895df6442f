import { announcesOthers } from './announcesOthers.js';
import { CHAIN_MUTANTS } from './chainMutants.js';
import { dataOnOneLeg } from './dataOnOneLeg.js';
import { delayed } from './held/delayed.js';
import { repeats } from './held/repeats.js';
import { skewed } from './held/skewed.js';
import { dropsInboundTcp } from './dropsInboundTcp.js';
import { failsOpen } from './failsOpen.js';
import { inBand } from './inBand.js';
import { forgetsTrunks } from './forgetsTrunks.js';
import { gatewayOnly } from './gatewayOnly.js';
import { invents } from './invents.js';
import { inventsStrangers } from './inventsStrangers.js';
import { longQueue } from './longQueue.js';
import { meters } from './meters.js';
import { off } from './off.js';
import { portsOfBefore, vlansOfBefore } from './ofBefore.js';
import { ownIpOnly } from './ownIpOnly.js';
import { reflectsServers } from './reflectsServers.js';
import { RECIPE_MUTANTS } from './recipeMutants.js';
import { refresher } from './refresher.js';
import { relearns } from './relearns.js';
import { relearnsForAMoment } from './relearnsForAMoment.js';
import { returnsLate } from './returnsLate.js';
import { rewritesNonce } from './rewritesNonce.js';
import { splitAggregator } from './splitAggregator.js';
import { sharesClass } from './sharesClass.js';
import { staleLiveness } from './staleLiveness.js';
import { TWO_TAG_MUTANTS } from './twoTagMutants.js';
import type { Mutant } from '../../replicator/types.js';

/**
 * Every mutant of Open vSwitch. A recipe that differs in one part is a row of recipeMutants.ts; any other mutant is one
 * file and one line here.
 */
export const MUTANTS: readonly Mutant[] = [
  off,
  ...RECIPE_MUTANTS,
  reflectsServers,
  refresher,
  invents,
  inventsStrangers,
  announcesOthers,
  rewritesNonce,
  gatewayOnly,
  ownIpOnly,
  relearns,
  relearnsForAMoment,
  meters,
  dropsInboundTcp,
  dataOnOneLeg,
  delayed,
  repeats,
  skewed,
  forgetsTrunks,
  portsOfBefore,
  vlansOfBefore,
  staleLiveness,
  sharesClass,
  longQueue,
  ...CHAIN_MUTANTS,
  returnsLate,
  failsOpen,
  inBand,
  splitAggregator,
  ...TWO_TAG_MUTANTS,
];
