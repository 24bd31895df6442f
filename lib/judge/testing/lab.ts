import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import { defaultTraits } from '../../testing/defaultLab.js';
import { planeName } from '../../dataplane/traits.js';
import type { Sender, Topology } from '../../topology/model.js';
import type { EvidenceManifest, Probe, Tap, TapRecord, TimelineEvent } from '../../evidence/types.js';
import { withSecondHost } from '../../topology/addSecondHost.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { sendersOf } from '../../topology/senders.js';
import { buildFrame } from '../../wire/build.js';
import { hex } from '../../wire/bytes.js';
import { controlFrame } from '../../wire/control.js';
import { withTags } from '../../wire/ethernet.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import type { JudgeInput } from '../judge.js';
import { testTopology } from './topology.js';

/** ns after the lab's open. */
export type LabTime = number;

export const MS = 1_000_000;
const OPEN = 1_760_000_000_000_000_000n;
const CLOSE_AT: LabTime = 10_000 * MS;
export const TAG_10: VlanTag = { tpid: 0x8100, vid: 10, pcp: 0, dei: false };

export interface SendOptions {
  readonly sender?: string;
  readonly tags?: readonly VlanTag[];
  readonly at?: LabTime;
  readonly variation?: number;
  readonly flow?: number;
  readonly group?: string;
  readonly namedBy?: Probe['namedBy'];
  readonly outside?: boolean;
  /** The sender to whose MAC a unicast frame goes, in place of the gateway's. */
  readonly to?: string;
}

/** A frame as a tap saw it. */
export interface Seen {
  readonly at: LabTime;
  readonly frame: Uint8Array;
  readonly original?: number;
}

/** Evidence made by hand: every frame on every tap is there because a line of a test put it there. */
export interface MadeLab {
  readonly topology: Topology;
  /** A probe that nobody has seen yet; 10 ms after the one before. */
  send(kind: KindId, options?: SendOptions): Probe;
  /** One copy on a leaf's tap, 50 us after it was sent unless said otherwise. */
  copy(
    probe: Probe,
    leaf: string,
    options?: { readonly afterNs?: number; readonly alter?: (frame: Uint8Array) => Uint8Array },
  ): void;
  /** One copy on each of these leaves; on all without an argument. */
  deliver(probe: Probe, leaves?: readonly string[]): void;
  /** Any frame on any tap. */
  see(tap: string, frame: Uint8Array, at: LabTime): void;
  edge(leg: string, state: 'up' | 'down', at: LabTime): void;
  /** A tap at a sender's NIC, with certificate. */
  tapSender(node: string, direction: 'in' | 'out'): string;
  /** A tap at the host's end of a leg, with certificate; an existing one is returned. */
  tapLeg(leg: string): string;
  /** Changes the record of a tap; `drop` leaves control frames out of its capture. */
  spoil(tap: string, record: Partial<TapRecord>, drop?: readonly ('before' | 'after' | 'fence')[]): void;
  /** Changes the bytes of a tap's capture. */
  cutCapture(tap: string, change: (bytes: Uint8Array) => Uint8Array): void;
  now(): LabTime;
  input(changes?: Partial<EvidenceManifest>): JudgeInput;
}

export interface LabOptions {
  readonly leaves?: number;
  readonly vms?: number;
  readonly mode?: string;
  readonly salt?: number;
  /** The host's end of a leg is captured as soon as that leg has an edge. */
  readonly watchLegs?: boolean;
  /** There is a second host, whose ports of the leaves are captured as `leaf-a-host-2` and so on. */
  readonly secondHost?: boolean;
}

export function makeLab({
  leaves = 2,
  vms = 2,
  mode = 'balance-tcp',
  salt = 0xc0ffee01,
  watchLegs = true,
  secondHost = false,
}: LabOptions = {}): MadeLab {
  const topology = secondHost ? withSecondHost(testTopology(leaves, vms, mode)) : testTopology(leaves, vms, mode);
  const senders = [...sendersOf(topology), ...secondSendersOf(topology)];
  const plane = defaultTraits(mode);
  const probes: Probe[] = [];
  const timeline: TimelineEvent[] = [];
  const taps: Tap[] = [];
  const frames = new Map<string, Seen[]>();
  const dropped = new Map<string, readonly string[]>();
  const changes = new Map<string, (bytes: Uint8Array) => Uint8Array>();
  let clock: LabTime = 100 * MS;
  const text = (at: LabTime): string => String(OPEN + BigInt(Math.round(at)));

  function addTap(tap: Omit<Tap, 'file' | 'record'>): string {
    const at = taps.length * 10;
    taps.push({
      ...tap,
      file: `${tap.name}.pcap`,
      record: {
        command: ['tcpdump'],
        ready: 'listening',
        canaryBefore: 900_001 + at,
        canaryAfter: 900_002 + at,
        fence: 900_003 + at,
        receivedByFilter: null,
        droppedByKernel: 0,
        droppedByInterface: 0,
        portDrops: 0,
      },
    });
    frames.set(tap.name, []);
    return tap.name;
  }
  for (const leg of topology.legs)
    addTap({ name: leg.leaf, role: 'leaf', node: leg.leaf, port: leg.leafPort, direction: 'in', leg: leg.name });

  for (const { name: leg, leaf, leafPort } of topology.secondHost?.legs ?? [])
    addTap({ name: `${leaf}-host-2`, role: 'second-host', node: leaf, port: leafPort, direction: 'in', leg });

  const put = (tap: string, seen: Seen): void => {
    const list = frames.get(tap);
    if (list === undefined) throw new Error(`no tap ${tap}`);
    list.push(seen);
  };

  function capture(tap: Tap): Uint8Array {
    const gone = dropped.get(tap.name) ?? [];
    const control = (which: string, id: number, at: LabTime): Seen[] =>
      gone.includes(which)
        ? []
        : [{ at, frame: controlFrame({ source: '02:00:00:00:00:c0', destination: '02:00:00:00:00:c1', salt, id }) }];
    const all = [
      ...control('before', tap.record.canaryBefore, 10 * MS),
      ...(frames.get(tap.name) ?? []),
      ...control('after', tap.record.canaryAfter, CLOSE_AT - 2 * MS),
      ...control('fence', tap.record.fence, CLOSE_AT - MS),
    ].map((seen, i) => ({ ...seen, i }));
    all.sort((a, b) => a.at - b.at || a.i - b.i);
    const records = all.map(({ at, frame, original }) => {
      const ns = OPEN + BigInt(Math.round(at));
      return pcapRecord({
        seconds: Number(ns / 1_000_000_000n),
        nanos: Number(ns % 1_000_000_000n),
        frame,
        ...(original === undefined ? {} : { original }),
      });
    });
    return (changes.get(tap.name) ?? ((bytes) => bytes))(Buffer.concat([pcapHeader(LINK_TYPE.ethernet), ...records]));
  }

  const lab: MadeLab = {
    topology,
    send(kind, options = {}) {
      const { sender = 'vm1', tags = [], namedBy = 'token', group = 'test' } = options;
      const at = options.at ?? (clock += 10 * MS);
      const id = probes.length + 1;
      const from: Sender | undefined = senders.find((candidate) => candidate.node === sender);
      const own = from ?? topology.host;
      const receiver = senders.find((candidate) => candidate.node === options.to);
      const address = own.addresses[0];
      const network = topology.networks.find((candidate) => candidate.name === address?.network);
      const frame = buildFrame(kind, {
        sourceMac: from === undefined ? '02:00:00:0f:00:01' : own.mac,
        sourceIpv4: address?.ipv4 ?? '',
        sourceIpv6: address?.ipv6 ?? '',
        gatewayMac: receiver?.mac ?? '02:00:00:0f:00:01',
        gatewayIpv4: network?.gateway4 ?? '',
        gatewayIpv6: network?.gateway6 ?? '',
        variation: options.variation ?? id,
        salt,
        id: namedBy === 'token' ? id : 0,
      });
      // A frame of a real stack has no token: its trailer is gone.
      const bytes = namedBy === 'token' ? frame : frame.subarray(0, frame.length - 12);
      const probe: Probe = {
        id,
        kind,
        namedBy,
        sender,
        group,
        sentNs: text(at),
        frame: hex(bytes),
        wireTags: tags,
        ...(options.flow === undefined ? {} : { flow: options.flow }),
        ...(options.outside === undefined ? {} : { outside: options.outside }),
      };
      probes.push(probe);
      return probe;
    },
    copy(probe, leaf, { afterNs = 50_000, alter = (frame: Uint8Array) => frame } = {}) {
      const frame = withTags(Buffer.from(probe.frame, 'hex'), probe.wireTags);
      put(leaf, { at: Number(BigInt(probe.sentNs) - OPEN) + afterNs, frame: alter(Uint8Array.from(frame)) });
    },
    deliver(probe, on = topology.leaves.map((leaf) => leaf.name)) {
      on.forEach((leaf, i) => lab.copy(probe, leaf, { afterNs: 50_000 + 20_000 * i }));
    },
    see: (tap, frame, at) => put(tap, { at, frame }),
    edge(leg, state, at) {
      if (watchLegs) lab.tapLeg(leg);
      timeline.push({
        type: 'leg',
        leg,
        state,
        fromNs: text(at),
        toNs: text(at + 3 * MS),
        verb: state === 'down' ? 'unplug' : 'plug',
      });
    },
    tapSender: (node, direction) =>
      addTap({ name: `${node}-${direction}`, role: 'sender', node, port: 'eth0', direction }),
    tapLeg: (leg) =>
      frames.has(`to-${leg}`)
        ? `to-${leg}`
        : addTap({ name: `to-${leg}`, role: 'leg', node: 'host', port: 'up', direction: 'out', leg }),
    spoil(name, record, drop = []) {
      const at = taps.findIndex((tap) => tap.name === name);
      const tap = taps[at];
      if (tap === undefined) throw new Error(`no tap ${name}`);
      taps[at] = { ...tap, record: { ...tap.record, ...record } };
      dropped.set(name, drop);
    },
    cutCapture: (tap, change) => void changes.set(tap, change),
    now: () => clock,
    input(patch = {}) {
      for (const event of patch.timeline ?? []) if (watchLegs && event.type === 'leg') lab.tapLeg(event.leg);
      const manifest: EvidenceManifest = {
        schema: 1,
        scenario: 'made-up',
        intent: { type: 'qualify' },
        testbed: 'none',
        dataplane: planeName(plane),
        plane,
        replicator: 'none',
        topology,
        profile: DEFAULT_PROFILE,
        salt,
        window: { openNs: text(0), closeNs: text(CLOSE_AT) },
        lateBandNs: 200 * MS,
        edgeBandNs: 50 * MS,
        taps,
        timeline,
        macTables: [],
        audit: [],
        skips: [],
        blocked: null,
        environment: {},
        phases: [],
        ...patch,
      };
      const files = new Map(manifest.taps.map((tap) => [tap.name, capture(tap)]));
      return { manifest, probes, capture: (tap) => [files.get(tap.name) ?? new Uint8Array(0)] };
    },
  };
  return lab;
}

/** Sends `n` frames of a kind and gives them to `to`. */
export function times(n: number, act: (i: number) => void): void {
  for (let i = 0; i < n; i++) act(i);
}
