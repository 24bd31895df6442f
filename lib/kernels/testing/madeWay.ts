import { LINK_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import type { Probe, TapRecord } from '../../evidence/types.js';
import { planeName } from '../../dataplane/traits.js';
import { controlFrame, FIRST_CONTROL_ID } from '../../wire/control.js';
import { withTags } from '../../wire/ethernet.js';
import type { WayEvidence } from '../trial.js';
import type { Way } from '../ways.js';
import { WORLD } from '../world.js';

const OPEN_S = 1_760_000_000;
const STEP_NS = 2_000_000;
const SALT = 7;

/** Copies that each leaf gets of a frame. */
export type Deliver = (probe: Pick<Probe, 'kind' | 'group' | 'id'>) => readonly [number, number];

export const toOne: Deliver = ({ id }) => (id % 2 === 0 ? [1, 0] : [0, 1]);
export const toEach: Deliver = () => [1, 1];

/** A frame that no probe is, and how many ns after the first control frame each leaf got it. */
export interface MoreFrame {
  readonly ns: number;
  readonly frame: Uint8Array;
  readonly copies: readonly [number, number];
}

/** When a made-up trial begins, by the clock of its captures, ns. */
export const MADE_NS = BigInt(OPEN_S) * 1_000_000_000n;

/**
 * Evidence of a way, where each leaf got what a test says.
 *
 * @param more in order, before the first probe: up to 4 ms
 */
export function madeWay(
  way: Way,
  deliver: Deliver,
  spoilt: Partial<TapRecord> = {},
  more: readonly MoreFrame[] = [],
): WayEvidence {
  let ids = 0;
  const crafted = way.craft({ salt: SALT, nextId: () => ++ids });
  const at = (step: number) => `${OPEN_S}${String(step * STEP_NS).padStart(9, '0')}`;
  const record = (step: number, frame: Uint8Array) =>
    pcapRecord({ seconds: OPEN_S, nanos: step * STEP_NS + 1_000, frame });
  const probes = crafted.map((probe, step): Probe => ({ ...probe, sentNs: at(step + 2) }));
  const end = probes.length + 3;
  const captures = WORLD.legs.map(({ leaf, hostMac, leafMac }, leg) => {
    const control = (step: number, which: number) =>
      record(
        step,
        controlFrame({ source: hostMac, destination: leafMac, salt: SALT, id: FIRST_CONTROL_ID + 3 * leg + which }),
      );
    const copies = probes.flatMap((probe, step) =>
      Array.from({ length: deliver(probe)[leg] ?? 0 }, () => {
        const frame = Buffer.from(probe.frame, 'hex');
        return record(step + 2, way.id === 'tag-in-bytes' ? frame : withTags(frame, probe.wireTags));
      }),
    );
    const others = more.flatMap(({ ns, frame, copies }) =>
      Array.from({ length: copies[leg] ?? 0 }, () => pcapRecord({ seconds: OPEN_S, nanos: ns, frame })),
    );
    const all = [
      pcapHeader(LINK_TYPE.ethernet),
      control(0, 0),
      ...others,
      ...copies,
      control(end + 1, 1),
      control(end + 2, 2),
    ];
    return [leaf, Buffer.concat(all)] as const;
  });
  return {
    probes,
    captures: new Map<string, Uint8Array>(captures),
    warnings: [],
    said: '',
    manifest: {
      schema: 1,
      scenario: 'made-up',
      intent: { type: 'qualify' },
      testbed: 'none',
      dataplane: planeName(WORLD.host.plane.traits),
      plane: WORLD.host.plane.traits,
      replicator: 'none',
      topology: WORLD,
      profile: way.on,
      salt: SALT,
      window: { openNs: at(1), closeNs: at(end) },
      lateBandNs: 1_000_000_000,
      edgeBandNs: 0,
      taps: WORLD.legs.map(({ leaf, leafPort, name }, leg) => ({
        name: leaf,
        role: 'leaf',
        node: leaf,
        port: leafPort,
        direction: 'in',
        leg: name,
        file: `${leaf}.pcap`,
        record: {
          command: ['tcpdump'],
          ready: 'listening',
          canaryBefore: FIRST_CONTROL_ID + 3 * leg,
          canaryAfter: FIRST_CONTROL_ID + 3 * leg + 1,
          fence: FIRST_CONTROL_ID + 3 * leg + 2,
          receivedByFilter: null,
          droppedByKernel: 0,
          droppedByInterface: 0,
          portDrops: 0,
          ...spoilt,
        },
      })),
      timeline: [],
      macTables: [],
      audit: [],
      skips: [],
      stacks: [],
      blocked: null,
      environment: {},
      phases: [],
    },
  };
}
