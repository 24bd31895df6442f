import type { Plane } from '../../dataplane/plane.js';
import type { PortMeans } from '../../lab/ports.js';
import { madeUpLab, type MadeUp } from '../../lab/testing/madeUpLab.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import { lacking, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { FrameBytes } from '../../wire/frame.js';
import { readToken } from '../../wire/token.js';

const ETHERNET = 1;
const PER_SECOND = 1_000_000_000n;

export interface WireOptions {
  readonly topology: Topology;
  readonly exec?: MadeUp['exec'];
  /** Legs that a frame of the host takes; by default all for neighbor frames, and the first for others. */
  readonly legsOf?: (frame: FrameBytes) => readonly string[];
}

interface Running {
  readonly at: string;
  readonly frames: { readonly ns: bigint; readonly bytes: FrameBytes }[];
}

/** ARP, and IPv6 whose next header is ICMPv6 with a type of Neighbor Discovery. */
function isNeighborFrame(frame: FrameBytes): boolean {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  return type === 0x0806 || (type === 0x86dd && frame[20] === 58 && [135, 136].includes(frame[54] ?? 0));
}

/**
 * A lab in memory with wires that carry untagged frames, and a plane that copies those of the host to its legs: for
 * unit tests of a whole trial.
 */
export function madeUpWire({ topology, exec, legsOf }: WireOptions): { readonly lab: Lab; readonly plane: Plane } {
  let last = 0n;
  /** Never the same twice. */
  const tick = (): bigint => {
    const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
    last = now > last ? now : last + 1n;
    return last;
  };
  const running = new Set<Running>();
  const arrive = (at: string, bytes: FrameBytes) => {
    for (const capture of running) if (capture.at === at) capture.frames.push({ ns: tick(), bytes });
  };
  const { host, legs, vms } = topology;
  const legNames = legs.map((leg) => leg.name);
  const ways = legsOf ?? ((frame: FrameBytes) => (isNeighborFrame(frame) ? legNames : legNames.slice(0, 1)));
  const carry = (node: string, port: string, frame: FrameBytes) => {
    if (node === host.node && port === host.nic) {
      const taken = ways(frame);
      for (const leg of legs) if (taken.includes(leg.name)) arrive(`${leg.leaf}:${leg.leafPort}:in`, frame);
    }
    for (const leg of legs)
      if (node === host.node && port === leg.hostPort) arrive(`${leg.leaf}:${leg.leafPort}:in`, frame);
    for (const vm of vms) if (node === host.node && port === vm.hostPort) arrive(`${vm.node}:${vm.nic}:in`, frame);
  };
  const means: PortMeans = (node, port) => ({
    inject: offer((frames) =>
      Promise.resolve(
        frames.map((frame) => {
          const sent = String(tick());
          carry(node.name, port, frame);
          return sent;
        }),
      ),
    ),
    tap: offer({
      open({ direction, salt, sink }) {
        const capture: Running = { at: `${node.name}:${port}:${direction}`, frames: [] };
        running.add(capture);
        const has = (token: number) =>
          capture.frames.some(({ bytes }) => readToken(bytes, 0, bytes.length, salt) === token);
        return Promise.resolve({
          command: ['made up'],
          ready: 'listening',
          seen: (token: number) => Promise.resolve(has(token)),
          missing: (tokens: readonly number[]) => Promise.resolve(tokens.filter((token) => !has(token))),
          stop() {
            running.delete(capture);
            sink.write(pcapHeader(ETHERNET));
            for (const { ns, bytes } of capture.frames)
              sink.write(
                pcapRecord({ seconds: Number(ns / PER_SECOND), nanos: Number(ns % PER_SECOND), frame: bytes }),
              );
            sink.end();
            return Promise.resolve({
              receivedByFilter: capture.frames.length,
              droppedByKernel: 0,
              droppedByInterface: 0,
              portDrops: 0,
            });
          },
        });
      },
    }),
  });
  const lab = madeUpLab({ topology, means, now: () => String(tick()), ...(exec === undefined ? {} : { exec }) });
  const none = lacking({ what: 'a switch', command: 'none', output: 'this lab is made up' });
  const plane: Plane = {
    traits: {
      kind: 'made-up',
      variant: '',
      lacp: false,
      spreads: 'no',
      hears: { unicast: 'all', multicast: 'all' },
    },
    node: host.node,
    shell: { env: {}, tools: {} },
    leaves: new Map(),
    ageFdb: none,
    inputDrops: none,
    cpuWait: none,
    restart: none,
    slowLacp: none,
    deliver: offer((frames) => {
      for (const frame of frames) arrive(`${host.node}:${host.nic}:in`, frame);
      return Promise.resolve();
    }),
    fdb: () => Promise.resolve([]),
    fdbMoves: () => Promise.resolve(0),
    members: () => Promise.resolve(legNames.map((leg) => ({ leg, enabled: true, lacp: 'off', partner: null }))),
    watch: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    converged: () => Promise.resolve(),
    activeLeg: () => Promise.resolve(null),
    audit: () => Promise.resolve([]),
    environment: () => ({}),
  };
  return { lab, plane };
}
