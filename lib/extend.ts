/**
 * `everyleaf/extend`: the types for your own replicators, faults, data planes, testbeds, tampers, mutants, profiles and
 * matchers.
 */

// Where labs run.
export { testbedNamed, type Registries, type TestbedKind } from './registries.js';
export { DEFAULTS } from './defaults.js';
export type { Need, Spot, Testbed, Wanted } from './testbed/testbed.js';
export type { Freshness, Lab, Lease } from './testbed/lab.js';
export type { Timing } from './testbed/timing.js';
export type { Clock, ClockOffset } from './testbed/clock.js';
export type {
  CommandResult,
  ExecOptions,
  Node,
  Process,
  ProcessEnd,
  Shortcuts,
  SpawnOptions,
  Terminal,
} from './testbed/node.js';
export type {
  CaptureCounters,
  CaptureSink,
  Inject,
  Link,
  LiveTap,
  ManagementPort,
  Port,
  TapOptions,
  TapSource,
  TestPort,
} from './testbed/port.js';
export { lacking, LackError, mapOffer, need, offer, type Lack, type Offer } from './testbed/capability.js';
export {
  LONGEST_CHANGE_MS,
  type ActionStep,
  type Applied,
  type Change,
  type CommandStep,
  type Edge,
  type Step,
} from './testbed/change.js';
export { createChanges, type ChangeMeans, type Changes } from './testbed/apply.js';
export { TestbedError } from './testbed/error.js';
export { unmetNeeds } from './testbed/needs.js';
export { openLiveTap } from './capture/live.js';
export { linkLines, nodeLines, nodeNames, wiredLinks, type WiredLink, type WiredPort } from './lab/links.js';
export { labPorts, type LabPorts, type PortMeans } from './lab/ports.js';
export { SILENT_DEFAULTS } from './lab/silence.js';
export { setSysctls } from './lab/sysctl.js';
export { awaitPath, putFile, readFiles } from './lab/files.js';
export { NeverHappened, until } from './until.js';

// What is wired.
export type {
  Address,
  Attachment,
  Host,
  HostPlane,
  Leaf,
  Leg,
  Network,
  Sender,
  Topology,
  Vm,
} from './topology/model.js';
export { senderNamed, sendersOf } from './topology/senders.js';
export type { FrameBytes } from './wire/frame.js';

// How a host joins its legs.
export type { PlaneProblem, PlaneRules } from './topology/planeRules.js';
export type { HearingLegs, PlaneTraits } from './dataplane/traits.js';
export type {
  DataPlane,
  InputDrops,
  LabWithLeaves,
  LeafControl,
  MemberState,
  Plane,
  ShellAid,
  SwitchControl,
} from './dataplane/plane.js';
export { bringUpLeaves, type LeafOptions } from './leaf/leaves.js';
export { bringUpStack } from './lab/stacks.js';

// What is under test, and what it promises.
export type { InstallContext, InstalledReplicator, Mutant, Replicator } from './replicator/types.js';
export type { RestartableReplicator } from './replicator/restartable.js';
export { ReplicatorError } from './replicator/error.js';
export { none } from './replicator/none.js';
export type { Duty, Profile } from './profile/types.js';
export type { AuditFact, MacEntry, Nanoseconds } from './evidence/types.js';

// What goes wrong.
export type { Fault, FaultEffect, FaultSite, NoArguments, Rhythm } from './fault/fault.js';
export { inTurn } from './fault/changes.js';
export { leafAt } from './fault/leafAt.js';
export type { Tamper, TamperSite } from './control/tamper/types.js';
export { byRules, fromLeaf, ifPromised, ofLeaf, oneLeg, othersThan, toLeaf, type Told } from './control/tamper/make.js';
export { LOSE, SET_MARK, type Hook } from './control/tamper/hooks.js';
export { ARP, ND, NEIGHBOR, rules, tagged, TCP, unicast, write, type Frames } from './control/tamper/frames.js';

// What is expected.
export { matcherResult, type About, type MatcherResult } from './trial/expectation.js';
export type { Deliveries, Judged } from './trial/judged.js';
export type { Delivery, Signature } from './judge/types.js';
