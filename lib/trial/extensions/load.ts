import type { Queued } from '../../dataplane/plane.js';
import { DURATIONS } from '../../durations.js';
import type { Nanoseconds } from '../../evidence/types.js';
import { flowPathsOf } from '../../stimulus/flowPath.js';
import { LackError, need } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import type { TestPort } from '../../testbed/port.js';
import { legNamed } from '../../topology/legs.js';
import type { Sender } from '../../topology/model.js';
import { senderNamed } from '../../topology/senders.js';
import { until } from '../../until.js';
import { buildFrame } from '../../wire/build.js';
import type { Window } from '../window.js';

/** What became of a load. */
export interface LoadRecord {
  /** The legs of which one was full: `leg-a`. */
  readonly legs: readonly string[];
  /** The longest time, ms, in which none of its frames was sent. */
  readonly pauseMs: number;
  /** How long, ms, it takes until a full queue is empty. */
  readonly lastsMs: number;
}

/** Data that is more than an uplink can carry, until it is stopped. */
export interface OpenLoad {
  stop(): Promise<LoadRecord>;
}

/**
 * Data that takes all the room of an uplink. Each resolves when a queue is full. Throws LackError on a data plane whose
 * legs have no queues, NeverHappened where none fills.
 */
export interface Load {
  /** Out of the host's end of a leg, past its switch: the queue does not ask where data is from. */
  fillLeg(leg: string): Promise<OpenLoad>;
  /** One flow out of the NIC of a sender: the host's switch chooses the leg. */
  fillFrom(sender: string): Promise<OpenLoad>;
}

/**
 * Frames per second of each sender: of all together some five times what leaves, as on a busy machine less is sent. A
 * switch that gets no CPU for a moment must still have room for them, or it would be the one that loses frames.
 */
const RATE = 500;
/** So many senders begin their turns one after the other: while one asks for its next, the others send. */
const AT_ONCE = 4;
/** Frames of one turn: a second. */
const TURN = RATE;
/** Bytes after the EtherType. */
const FULL = 1_400;

/**
 * A queue is full when it refuses frames. How many wait says less: a busy machine fills it in jerks, and looks when a
 * few have just left. One that is longer than the lab made it may refuse none: its sender's buffer is used up first, and
 * then it no longer grows.
 */
export function isFull({ frames, room, refused }: Queued, before: Queued | undefined): boolean {
  return before !== undefined && (refused > before.refused || (frames > room && frames <= before.frames));
}

/** The longest time, ms, between two of these, ns. */
export function longestPause(times: readonly Nanoseconds[]): number {
  const sorted = times.map(Number).sort((one, other) => one - other);
  return sorted.reduce((longest, at, index) => Math.max(longest, at - (sorted[index - 1] ?? at)), 0) / 1e6;
}

export function loadOf(window: Window): Load {
  const { lab, plane, salt, nextControlId } = window;
  const { topology } = lab;

  /** Full frames of one flow, which are no probes. */
  function framesOf(sender: Sender, sourceMac: string): readonly Uint8Array[] {
    const [path] = flowPathsOf(topology, sender);
    if (path === undefined) throw new RangeError(`${sender.node} has no network in which it could send`);
    const flow = nextControlId();
    return Array.from({ length: TURN }, () =>
      buildFrame('data-udp', {
        sourceMac,
        sourceIpv4: path.ipv4,
        sourceIpv6: path.ipv6,
        gatewayMac: path.gatewayMac,
        gatewayIpv4: path.gateway4,
        gatewayIpv6: path.gateway6,
        variation: flow,
        tags: path.sentTags,
        salt,
        id: nextControlId(),
        payloadBytes: FULL,
      }),
    );
  }

  /** @param legs of which one must become full */
  async function fill(port: TestPort, frames: readonly Uint8Array[], legs: readonly string[]): Promise<OpenLoad> {
    const { queued } = plane;
    const where = `${port.node.name}:${port.name}`;
    if (queued === undefined)
      throw new LackError([
        {
          what: 'an uplink that data can fill',
          command: `everyleaf run --data-plane ${plane.traits.kind}`,
          output: 'its uplinks are not limited',
        },
      ]);
    const inject = need(port.inject);
    let before: readonly Queued[] = [];
    let open = true;
    let over: Promise<unknown> = Promise.resolve();
    const times: Nanoseconds[] = [];
    const send = async (_: unknown, index: number) => {
      let turn: readonly Uint8Array[] = frames.slice(0, (TURN * (index + 1)) / AT_ONCE);
      while (open) {
        times.push(...(await inject(turn, RATE)));
        turn = frames;
      }
    };
    const applied = await lab.apply({
      name: `data from ${where} fills a queue`,
      steps: [
        {
          what: 'data to leave',
          run() {
            over = Promise.all(Array.from({ length: AT_ONCE }, send));
            // What went wrong is thrown where it is stopped.
            over.catch(() => undefined);
            return Promise.resolve();
          },
        },
        {
          what: 'a queue to be full',
          run: () =>
            until(
              `a queue of ${legs.join(', ')} to be full`,
              DURATIONS.queueFull,
              async () => {
                const all = await Promise.all(legs.map((leg) => queued(leg)));
                const full = all.some((queue, at) => isFull(queue, before[at]));
                before = all;
                return full ? true : null;
              },
              () => `${before.map(({ frames }) => frames).join(', ')} frames wait`,
              DURATIONS.memberLook,
            ),
        },
      ],
      undo: [
        {
          what: 'data to end',
          run() {
            open = false;
            return over;
          },
        },
      ],
      maxMs: LONGEST_CHANGE_MS,
    });
    return {
      async stop() {
        await applied.undo();
        return { legs, pauseMs: longestPause(times), lastsMs: Math.min(...before.map(({ lastsMs }) => lastsMs)) };
      },
    };
  }

  return {
    fillLeg(name) {
      const { hostPort, hostMac } = legNamed(topology, name);
      return fill(lab.port(topology.host.node, hostPort), framesOf(topology.host, hostMac), [name]);
    },
    fillFrom(name) {
      const sender = senderNamed(topology, name);
      const legs = topology.legs.map((leg) => leg.name);
      return fill(lab.port(name, sender.nic), framesOf(sender, sender.mac), legs);
    },
  };
}
