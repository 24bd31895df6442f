import { join } from 'node:path';
import { DURATIONS } from '../durations.js';
import type { Tap } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import type { LossCount } from '../testbed/port.js';
import type { FrameBytes } from '../wire/frame.js';
import { controlFrame } from '../wire/control.js';
import type { TapSpec } from './taps.js';
import { fileSink } from './fileSink.js';
import { listen, type Hearing } from './hearing.js';
import { neighborControl } from './neighborControl.js';

/** Slow-protocols range that no bridge forwards (IEEE 802.1Q 8.6.3): a control frame stays on its wire. */
const CONTROL_DESTINATION = '01:80:c2:00:00:0f';

/** A capture that runs; its canary, or who is behind it, shows whether it sees its wire. */
export interface ArmedTap {
  readonly spec: TapSpec;
  /**
   * Sends the first canary; milliseconds until it was captured, or null when it never was. Where none can be sent, waits
   * for a voice, and is null.
   */
  canary(): Promise<number | null>;
  /** Whether a frame with this token is captured within the time. */
  seen(token: number, timeoutMs: number): Promise<boolean>;
  /** The tokens of which no frame is captured within the time. */
  missing(tokens: readonly number[], timeoutMs: number): Promise<readonly number[]>;
  /**
   * Sends fence and closing canary and waits until both are captured; false when they are not. Where none can be sent,
   * waits for a voice from now on.
   */
  fence(): Promise<boolean>;
  /** Who is behind it, as far as heard; null where control frames prove it. */
  readonly hearing: Hearing | null;
  /** Ends the capture. */
  stop(): Promise<Tap>;
  /** What the counters of losses of its vantage counted, once it has ended; null where it has none. */
  lost(): LossCount | null;
}

/**
 * Starts a capture, which is written to a file of the folder as it comes, and waits until the tool says that it
 * listens.
 */
export async function armTap(
  lab: Lab,
  spec: TapSpec,
  salt: number,
  nextControlId: () => number,
  folder: string,
): Promise<ArmedTap> {
  const file = `${spec.name}.pcap`;
  const { sendControl } = spec;
  const hearing = sendControl === null ? listen(fileSink(join(folder, file)), spec.voices ?? []) : null;
  const sink = hearing?.sink ?? fileSink(join(folder, file));
  const capture = await spec.source.open({ direction: spec.direction, salt, sink });
  const [canaryBefore, fence, canaryAfter] = [nextControlId(), nextControlId(), nextControlId()];
  const control = (id: number): readonly FrameBytes[] =>
    spec.neighborsOnly === true
      ? neighborControl({ source: spec.controlMac, tags: [], salt, id })
      : [controlFrame({ source: spec.controlMac, destination: CONTROL_DESTINATION, salt, id })];
  let lost: LossCount | null = null;
  return {
    spec,
    hearing,
    async canary() {
      if (capture.ready === null) return null;
      if (sendControl === null) {
        await hearing?.after(0n, DURATIONS.voices);
        return null;
      }
      await sendControl(control(canaryBefore));
      // From here on the frame is on its way; how long a tool took to send it says nothing about the tap.
      const sent = performance.now();
      return (await capture.seen(canaryBefore, lab.timing.controlFrame)) ? performance.now() - sent : null;
    },
    lost: () => lost,
    seen: (token, timeoutMs) => capture.seen(token, timeoutMs),
    missing: (tokens, timeoutMs) => capture.missing(tokens, timeoutMs),
    async fence() {
      if (capture.ready === null) return false;
      if (sendControl === null) return (await hearing?.after(BigInt(await lab.now()), DURATIONS.voices)) === true;
      await sendControl([...control(fence), ...control(canaryAfter)]);
      return capture.seen(canaryAfter, lab.timing.controlFrame);
    },
    async stop() {
      const counters = await capture.stop();
      const { receivedByFilter, droppedByKernel, droppedByInterface, portDrops } = counters;
      lost = counters.lost ?? null;
      const { name, role, node, port, direction, leg } = spec;
      return {
        name,
        role,
        node,
        port,
        direction,
        ...(leg === undefined ? {} : { leg }),
        file,
        record: {
          command: capture.command,
          ready: capture.ready,
          canaryBefore,
          canaryAfter,
          fence,
          ...(sendControl === null ? { byVoices: true } : {}),
          receivedByFilter,
          droppedByKernel,
          droppedByInterface,
          portDrops,
        },
      };
    },
  };
}
