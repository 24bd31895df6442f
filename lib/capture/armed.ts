import { DURATIONS } from '../durations.js';
import type { Tap } from '../evidence/types.js';
import type { Lab, LiveCapture } from '../testbed/types.js';
import { controlFrame } from '../wire/control.js';
import type { TapSpec } from './taps.js';

/** Slow-protocols range that no bridge forwards (IEEE 802.1Q 8.6.3): a control frame stays on its wire. */
const CONTROL_DESTINATION = '01:80:c2:00:00:0f';

/** A capture that runs and has been shown to see its wire, or has been shown not to. */
export interface ArmedTap {
  readonly spec: TapSpec;
  /** Milliseconds from sending the first canary to its capture; null when it never came. */
  readonly canaryMs: number | null;
  /** Whether a frame with this token is captured within the time. */
  seen(token: number, timeoutMs: number): Promise<boolean>;
  /** Sends fence and closing canary and waits until both are captured; false when they are not. */
  fence(): Promise<boolean>;
  /** Ends the capture. */
  stop(): Promise<{ readonly tap: Tap; readonly bytes: Uint8Array }>;
}

/** Starts a capture and sends its first canary. */
export async function armTap(lab: Lab, spec: TapSpec, salt: number, nextControlId: () => number): Promise<ArmedTap> {
  const capture: LiveCapture = await lab.node(spec.node).capture(spec.port, { direction: spec.direction, salt });
  const [canaryBefore, fence, canaryAfter] = [nextControlId(), nextControlId(), nextControlId()];
  const control = (id: number) => controlFrame({ source: spec.controlMac, destination: CONTROL_DESTINATION, salt, id });
  let canaryMs: number | null = null;
  if (capture.ready !== null) {
    const sent = performance.now();
    await spec.sendControl([control(canaryBefore)]);
    if (await capture.seen(canaryBefore, DURATIONS.controlFrame)) canaryMs = performance.now() - sent;
  }
  return {
    spec,
    canaryMs,
    seen: (token, timeoutMs) => capture.seen(token, timeoutMs),
    async fence() {
      if (capture.ready === null) return false;
      await spec.sendControl([control(fence), control(canaryAfter)]);
      return capture.seen(canaryAfter, DURATIONS.controlFrame);
    },
    async stop() {
      const { bytes, ...counters } = await capture.stop();
      const { name, role, node, port, direction, leg } = spec;
      const { receivedByFilter, droppedByKernel, droppedByInterface, portDrops } = counters;
      return {
        bytes,
        tap: {
          name, role, node, port, direction, ...(leg === undefined ? {} : { leg }), file: `${name}.pcap`,
          record: { command: capture.command, ready: capture.ready, canaryBefore, canaryAfter, fence, receivedByFilter, droppedByKernel, droppedByInterface, portDrops },
        },
      };
    },
  };
}
