import { DURATIONS } from '../../durations.js';
import type { Timing } from '../timing.js';

/** Namespaces of one kernel, on a machine that may be busy. */
export const NETNS_TIMING: Timing = {
  poll: DURATIONS.poll,
  command: DURATIONS.command,
  processStop: DURATIONS.processStop,
  daemonStart: DURATIONS.daemonStart,
  linkUp: DURATIONS.linkUp,
  captureReady: DURATIONS.captureReady,
  controlFrame: DURATIONS.controlFrame,
  lateBandFloor: DURATIONS.lateBandFloor,
  lateBandFactor: DURATIONS.lateBandFactor,
  lateFloor: DURATIONS.lateFloor,
  edgeBandFloor: DURATIONS.edgeBand,
  edgeBandFactor: DURATIONS.edgeBandFactor,
};
