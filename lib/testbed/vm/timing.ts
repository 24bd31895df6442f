import { DURATIONS } from '../../durations.js';
import type { Timing } from '../timing.js';

/** What starting a program takes this machine itself, ms: the measure of how slow a guest is. */
const SPAWN_MS = 4;
/** Where the CPU is emulated, on an idle machine. */
export const USUAL_FACTOR = 10;
/** Slower than this is a machine that has no time for us, which no longer wait makes a test of anything. */
const SLOWEST_FACTOR = 50;

/** How many times slower a guest is, by what it takes to start a program there, ms. */
export function factorOf(spawnMs: number): number {
  return Math.min(SLOWEST_FACTOR, Math.max(1, spawnMs / SPAWN_MS));
}

/** How much longer limits are in a guest that is so many times slower: most hold four times what is usual. */
export function slownessOf(factor: number): number {
  return Math.max(1, factor / 4);
}

/**
 * Waits of labs in a guest that is so many times slower than this machine. Limits grow with it. So do floors of bands,
 * though less: they are for switches in user space, which wait for a CPU rather than for their own work.
 */
export function guestTiming(factor: number): Timing {
  const limit = (ms: number) => Math.round(ms * slownessOf(factor));
  return {
    // Each look is a call, which takes as long as many of them.
    poll: 10 * DURATIONS.poll,
    command: limit(DURATIONS.command),
    processStop: limit(DURATIONS.processStop),
    daemonStart: limit(DURATIONS.daemonStart),
    linkUp: limit(DURATIONS.linkUp),
    captureReady: limit(DURATIONS.captureReady),
    controlFrame: limit(DURATIONS.controlFrame),
    lateBandFloor: 4 * DURATIONS.lateBandFloor,
    lateBandFactor: DURATIONS.lateBandFactor,
    lateFloor: DURATIONS.lateFloor,
    edgeBandFloor: DURATIONS.edgeBand,
    edgeBandFactor: DURATIONS.edgeBandFactor,
  };
}
