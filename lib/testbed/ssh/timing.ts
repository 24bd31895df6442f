import { DURATIONS } from '../../durations.js';
import { SSH_TIMING } from '../../ssh/timing.js';
import type { Timing } from '../timing.js';

/** Machines in a local network: each command takes a session of ssh, 0.05 to 0.2 s. */
export const FAR_TIMING: Timing = {
  // A look is a command, so that looking again at once loads nobody.
  poll: DURATIONS.poll,
  command: SSH_TIMING.command,
  processStop: DURATIONS.processStop,
  daemonStart: 2 * DURATIONS.daemonStart,
  // A card with a transceiver trains for some seconds.
  linkUp: 15_000,
  captureReady: 2 * DURATIONS.captureReady,
  controlFrame: DURATIONS.controlFrame,
  lateBandFloor: 4 * DURATIONS.lateBandFloor,
  lateBandFactor: DURATIONS.lateBandFactor,
  lateFloor: DURATIONS.lateFloor,
  edgeBandFloor: DURATIONS.edgeBand,
  edgeBandFactor: DURATIONS.edgeBandFactor,
};

export const FAR = {
  /**
   * Without a sign of life from us for so long, a machine gives its ports back by itself, seconds: longer than a far
   * process lives without us (`SSH_TIMING.leaseSeconds` and 2 s until SIGKILL), so that none is in the way.
   */
  guardSeconds: 15,
  /** How often we show it that we live, ms: three signs may be lost. */
  renewal: 4_000,
  /** How long ports that another lab holds are waited for, ms: a lab whose harness was killed gives them back by then. */
  handedBack: 20_000,
  /** Between two looks at them, ms. */
  handedBackLook: 500,
  /** Processes that one connection carries; a server allows 10 sessions unless told otherwise (sshd_config(5), MaxSessions). */
  streams: 6,
  /** What a command takes before it begins, on a machine that is busy, ms: added to the time that it may take itself. */
  reach: 5_000,
  /** Commands of one node that run side by side; more wait. */
  shells: 3,
  /** Bytes of input that are handed to a command within a shell's own; larger ones get a session. */
  shellInput: 65_536,
  /** KiB of the ring of a capture: 64 MiB hold 32,768 frames, while a connection has other work. */
  ringKib: 65_536,
  /**
   * How far a clock may be found from where it was when its lab was opened, ns: a clock that is slewed runs 500 ppm off
   * (adjtime(3)), which makes 1 ms in 2 s, and a trial takes some seconds. What is more was set by hand.
   */
  clockWander: 5_000_000n,
  /**
   * A program that sends frames ends by itself when it hears nothing for so long, seconds: as all far processes
   * (`SSH_TIMING.leaseSeconds`).
   */
  senderSeconds: SSH_TIMING.leaseSeconds,
} as const;
