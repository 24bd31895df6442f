/**
 * `everyleaf/judge`: the judge alone, for other programs and for pages. It touches nothing but its arguments and needs
 * nothing of Node: the caller brings the bytes.
 */
export { judge, type JudgeInput } from './judge/judge.js';
export type {
  Certificate,
  Copy,
  Counts,
  Delivery,
  Finding,
  Judgement,
  LeafDelivery,
  Outcome,
  RecoveryFigure,
  Signature,
  Verdict,
} from './judge/types.js';
// Captures that were taken anywhere.
export type { CaptureJudgement, CaptureOptions, NamedFeed } from './judge/captures/captureOptions.js';
export { judgeFeeds } from './judge/captures/judgeFeeds.js';
export { createLocalFeed, type Feed } from './judge/captures/feed.js';
export type { Interest } from './judge/captures/recorder.js';
export { macNumber } from './judge/read/macs.js';
export { createCaptureParser } from './pcap/parser.js';
export type { CaptureSummary, FrameSink } from './pcap/types.js';
// What it judges by.
export type { Duty, Profile } from './profile/types.js';
export { anolis } from './profile/table/anolis.js';
export { everyNeighborFrame } from './profile/table/everyNeighborFrame.js';
export { linuxBroadcastNeighbor } from './profile/table/linuxBroadcastNeighbor.js';
export { ovsGroup } from './profile/table/ovsGroup.js';
export { sonicDualTor } from './profile/table/sonicDualTor.js';
export { KINDS, type KindId } from './wire/kinds.js';
// What is in `evidence.json` and `probes.json`.
export type { EvidenceManifest, NeighborHistory, Probe, Tap, TrafficHistory } from './evidence/types.js';
export { newerManifest, type StoredManifest } from './evidence/older.js';
