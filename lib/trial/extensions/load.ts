import { DURATIONS } from '../../durations.js';
import { flowPathsOf } from '../../stimulus/flowPath.js';
import { LackError, need } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import { legNamed } from '../../topology/legs.js';
import { until } from '../../until.js';
import { buildFrame } from '../../wire/build.js';
import type { Window } from '../window.js';

/** Data that takes all the room of an uplink. */
export interface Load {
  /**
   * Sends data on a leg faster than it can leave, until `stop`. Resolves when its queue is full and has refused frames.
   * Throws LackError on a data plane whose legs have no such queue, NeverHappened where it does not fill.
   */
  fillLeg(leg: string): Promise<{ stop(): Promise<void> }>;
}

/** Frames per second of each of the two senders: together ten times what leaves. */
const RATE = 2_000;
/** Two, so that one sends while the other asks for its next turn. */
const SENDERS = 2;
/** Frames of one turn: 50 ms. */
const TURN = 100;
/** Bytes after the EtherType. */
const FULL = 1_400;

export function loadOf(window: Window): Load {
  const { lab, plane, salt, nextControlId } = window;
  const { topology } = lab;
  return {
    async fillLeg(name) {
      const leg = legNamed(topology, name);
      const { queueDrops } = plane;
      const [path] = flowPathsOf(topology, topology.host);
      if (queueDrops === undefined || path === undefined)
        throw new LackError([
          {
            what: `a queue of ${name} that data can fill`,
            command: `everyleaf run --data-plane ${plane.traits.kind}`,
            output: 'its uplinks are not limited',
          },
        ]);
      const inject = need(lab.port(topology.host.node, leg.hostPort).inject);
      // Out of the port itself, past the switch: what is under test is the queue, which does not ask where data is from.
      const frames = Array.from({ length: TURN }, () => {
        const id = nextControlId();
        return buildFrame('data-udp', {
          sourceMac: leg.hostMac,
          sourceIpv4: path.ipv4,
          sourceIpv6: path.ipv6,
          gatewayMac: path.gatewayMac,
          gatewayIpv4: path.gateway4,
          gatewayIpv6: path.gateway6,
          variation: id,
          salt,
          id,
          payloadBytes: FULL,
        });
      });
      let open = true;
      let over: Promise<unknown> = Promise.resolve();
      const before = await queueDrops(name);
      const send = async () => {
        while (open) await inject(frames, RATE);
      };
      const applied = await lab.apply({
        name: `${name}: its queue is full of data`,
        steps: [
          {
            what: 'data to leave',
            run() {
              over = Promise.all(Array.from({ length: SENDERS }, send));
              // It is thrown where it ends.
              over.catch(() => undefined);
              return Promise.resolve();
            },
          },
          {
            what: 'the queue to be full',
            run: () =>
              until(`the queue of ${name} to be full`, DURATIONS.queueFull, async () =>
                (await queueDrops(name)) > before ? true : null,
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
        },
      };
    },
  };
}
