import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../durations.js';
import type { Probe } from '../evidence/types.js';
import type { Experiment } from './experiment.js';
import type { OpenFault } from './faults.js';
import { relearning } from './relearning.js';
import { flowsFor } from '../judge/rules/spread.js';
import type { FaultArguments } from '../fault/types.js';
import { craftFlows, craftKinds, type CraftedProbe } from '../stimulus/crafted.js';
import { gatewayLanes, neighborLanes, serverLanes, type Lane, type Reach } from '../stimulus/lane.js';
import { craftShapes } from '../stimulus/shapes.js';
import { unknownSenders, type Silence } from '../stimulus/silence.js';
import { startStream, STREAM_GROUP, STREAM_KINDS, STREAM_RATE, type Stream } from '../stimulus/stream.js';
import {
  announce,
  detectDuplicates,
  leafProbes,
  leafResolves,
  resolveGateway,
  type DuplicateDetection,
} from '../stimulus/stacks.js';
import { startFabric } from '../fabric/fabric.js';
import { probeFrr } from '../fabric/frr.js';
import { ageLeafTables } from '../tables/leafTables.js';
import { BOND_MODES } from '../topology/bondMode.js';
import { legNamed, legTo } from '../topology/legs.js';
import type { Sender } from '../topology/model.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import { NeverHappened, until } from '../until.js';
import type { KindId } from '../wire/kinds.js';
import type { Judged } from './judged.js';

export interface SendOptions {
  /** Sender names; all senders without it. */
  readonly from?: readonly string[];
  /** Probes of each kind and lane. */
  readonly copies?: number;
  /** Shown in the report; the probes of one step belong together. */
  readonly group?: string;
}

export interface StormOptions {
  readonly kinds: readonly KindId[];
  /** Frames in all. */
  readonly frames: number;
  /** Frames per second, all senders together. */
  readonly rate: number;
  readonly from: readonly string[];
}

export interface StreamOptions {
  readonly kinds?: readonly KindId[];
  /** Probes per second, all kinds and senders together. */
  readonly rate?: number;
  readonly from?: readonly string[];
}

/** What a scenario works with: a fresh lab with the replicator under test, and captures that are alive. */
export interface Trial {
  readonly experiment: Experiment;
  readonly leaves: readonly string[];
  readonly legs: readonly string[];
  /** The same in another order in each bond mode: what hits only one of them hits not the same in all. */
  readonly legsInTurn: readonly string[];
  /** Probes of each kind, on each lane of each sender. */
  send(kinds: readonly KindId[], options?: SendOptions): Promise<readonly Probe[]>;
  /** Many frames in one go, kind after kind and sender after sender, at no more than a rate (P11). */
  storm(options: StormOptions): Promise<readonly Probe[]>;
  /** Neighbor frames of every sender in every shape of lib/stimulus/shapes.ts. */
  sendShapes(): Promise<readonly Probe[]>;
  /** Data of so many flows per sender that a hashing bond must spread each sender's over all legs; up to seven legs, see MOST_FLOWS. */
  sendFlows(kind: KindId, options?: Omit<SendOptions, 'copies'>): Promise<readonly Probe[]>;
  /** Probes of each kind from every sender to every other one of its networks on the same host; null where there are no two. */
  sendOnHost(kinds: readonly KindId[], options?: Pick<SendOptions, 'copies'>): Promise<readonly Probe[] | null>;
  /** Frames that come from a leaf towards the host, of each kind: its gateway's, and those of another server behind it. To one sender of each network, or to each sender there is. */
  sendFromLeaf(
    leaf: string,
    kinds: readonly KindId[],
    options?: { readonly copies?: number; readonly to?: Reach },
  ): Promise<readonly Probe[]>;
  /** ARP and DAD of every leaf and of a server behind it, but of the one at the end of `without`: nothing of it may come out at any leaf (P5). */
  speakAsLeaves(options?: { readonly without?: string }): Promise<void>;
  /** Makes a fault of lib/defaults.ts on a leg. null when this machine cannot; the skip then says which command showed it. */
  inflict(fault: string, leg: string, args?: FaultArguments): Promise<OpenFault | null>;
  /** The cable of a leg is out. */
  unplug(leg: string): Promise<void>;
  /** It is in again, and the bond uses the leg. */
  plug(leg: string): Promise<void>;
  /** A loose contact: so many cuts, one every `periodMs`. Ends with the cable in and the bond settled. */
  flap(leg: string, args: Pick<FaultArguments, 'times' | 'periodMs'>): Promise<void>;
  /** Resolves when the bond has left these legs. */
  bondLeft(...legs: string[]): Promise<void>;
  /** Host and leaves now speak LACP at the slow rate: a PDU every 30 s, and 90 s until a silent partner counts as gone. */
  slowLacp(): Promise<void>;
  /** Probes that go out at a steady pace, kind after kind and sender after sender, while other things happen. */
  stream(options?: StreamOptions): Stream;
  /** All probes of all streams that have been stopped. */
  streamed(): readonly Probe[];
  /** Resolves when the host hears different LACP systems on its legs. */
  partnersDiffer(): Promise<void>;
  /** Leaves that can speak to the host now: all, or that of the active leg where the host hears only that. */
  heardLeaves(): Promise<readonly string[]>;
  /** Leaves whose broadcast and multicast frames the host takes now: where nothing but addresses is hashed, only those of one leg. */
  broadcastHeardLeaves(): Promise<readonly string[]>;
  /** Records what a leaf knows of the VMs without their sending data, and how soon when it asks (P14). */
  recordRelearning(leg: string): Promise<void>;
  /** Lets every leaf know every sender, shortens the ageing of its tables, and watches them grow old: five periods and more. */
  ageTables(): Promise<void>;
  /** Nobody speaks for minutes, but the bond and its partners LACP, and every switch forgets the senders: whether it did so is to be asked of what comes back. */
  idle(): Promise<Silence>;
  /** A leaf that knows none of these senders asks for them, and their kernels answer; the addresses of which it learned nothing. */
  leafResolves(leaf: string, senders: readonly string[]): Promise<readonly string[]>;
  /** A leaf re-validates its entries for these senders, and their kernels answer; the addresses that were not confirmed. */
  leafProbes(leaf: string, senders: readonly string[]): Promise<readonly string[]>;
  /** A sender's kernel forgets its gateway and looks for it again. */
  resolveGateway(sender: string): Promise<void>;
  /** A sender's kernel announces its addresses unasked. */
  announce(sender: string): Promise<void>;
  /** A sender's kernel takes an address after duplicate address detection; whether it may use it, found another owner, or was not done. */
  detectDuplicates(sender: string, address: string, options: { readonly nonce: boolean }): Promise<DuplicateDetection>;
  /** Raises spine and client and starts the client's stream; null where this machine has no FRR: the skips then say which command showed it. */
  openFabric(): Promise<TrialFabric | null>;
  /** Closes the window and judges the evidence. Once. */
  judge(): Promise<Judged>;
}

/** A client behind the spine that streams to the VMs, until it is closed. */
export interface TrialFabric {
  /** Nothing happens but that the leaves' tables grow old. */
  age(): Promise<void>;
  /** A leaf is switched off: leg and uplink dark, tables empty. */
  leafDown(leaf: string): Promise<void>;
  leafUp(leaf: string): Promise<void>;
  /** Ends the stream and keeps what client, spine and leaves noticed. */
  close(): Promise<void>;
}

/** Sends in slices, so that a switch's socket buffer (a few hundred frames) never overflows however busy the machine is. */
const SLICE = 96;

/** Flows beyond those that tell: one that was lost, or came late on a busy machine, tells nothing. */
const SPARE_FLOWS = 4;

/**
 * Where data to a sender's MAC goes: an IPv6 group for documentation (RFC 6676). Of a packet to a group that it has not joined
 * a kernel says nothing (RFC 4443 2.4 e.3); an error would quote the whole probe, and look like the probe that comes back.
 */
const NOBODY = 'ff0e::db8:0:9';

/** What did not happen is the affair of whoever looks at what is there instead. */
function unlessNever(error: unknown): void {
  if (!(error instanceof NeverHappened)) throw error;
}

/** `answerMs`: how long a leaf waits for answers that do not come. */
export function createTrial(
  experiment: Experiment,
  finish: () => Promise<Judged>,
  answerMs: number = DURATIONS.neighborAnswer,
): Trial {
  const { topology } = experiment.lab;
  const speaking = (name: string): Sender => {
    const sender = senderNamed(topology, name);
    experiment.letSpeak([name]);
    return sender;
  };
  const letAllSpeak = () => experiment.letSpeak(sendersOf(topology).map(({ node }) => node));
  const lanes = (from?: readonly string[]): readonly Lane[] => {
    // A sender that this topology has not got would silently not be tested.
    from?.forEach((name) => senderNamed(topology, name));
    return experiment.lanes.filter((lane) => from === undefined || from.includes(lane.sender.node));
  };
  const leavesOf = (leg: string | null) =>
    topology.legs.filter(({ name }) => leg === null || name === leg).map(({ leaf }) => leaf);
  const inSlices = async (
    crafted: readonly CraftedProbe[],
    send: (slice: readonly CraftedProbe[]) => Promise<readonly Probe[]>,
  ) => {
    const sent: Probe[] = [];
    for (let i = 0; i < crafted.length; i += SLICE) sent.push(...(await send(crafted.slice(i, i + SLICE))));
    return sent;
  };
  const sendSliced = (crafted: readonly CraftedProbe[]) => inSlices(crafted, (slice) => experiment.send(slice));
  const legs = topology.legs.map((leg) => leg.name);
  const turn = BOND_MODES.indexOf(experiment.host.plane.mode) % legs.length;
  const cut = new Map<string, OpenFault>();
  const streamed: Probe[] = [];
  return {
    experiment,
    leaves: topology.leaves.map((leaf) => leaf.name),
    legs,
    legsInTurn: [...legs.slice(turn), ...legs.slice(0, turn)],
    send: (kinds, { from, copies = 2, group = 'sweep' } = {}) =>
      sendSliced(lanes(from).flatMap((lane) => craftKinds(lane, kinds, copies, experiment.craftOptions(group)))),
    storm({ kinds, frames, rate, from }) {
      const own = lanes(from);
      const each = Math.ceil(frames / own.length);
      const options = experiment.craftOptions('storm');
      const crafted = own.flatMap((lane) =>
        Array.from({ length: each }, (_, n) =>
          craftKinds(lane, kinds.slice(n % kinds.length, (n % kinds.length) + 1), 1, options),
        ).flat(),
      );
      return experiment.send(crafted, rate / from.length);
    },
    sendShapes: () => sendSliced(lanes().flatMap((lane) => craftShapes(lane, experiment.craftOptions('shapes')))),
    async sendFlows(kind, { from, group = 'flows' } = {}) {
      const by = experiment.host.plane.traits.spreads === 'sources' ? 'sources' : 'ports';
      const flows = flowsFor(topology.legs.length) + SPARE_FLOWS;
      const sent: Probe[] = [];
      // Sender after sender: a bond deals its legs to new flows in turn, and two that take turns too would each meet one leg only.
      for (const lane of lanes(from))
        sent.push(...(await sendSliced(craftFlows(lane, kind, flows, by, experiment.craftOptions(group)))));
      return sent;
    },
    async sendOnHost(kinds, { copies = 1 } = {}) {
      const between = sendersOf(topology).flatMap((sender) => neighborLanes(topology, sender));
      if (between.length === 0) {
        experiment.skipAll({
          what: 'what senders on one host say to each other',
          command: 'everyleaf check',
          output: `no two senders of ${topology.name} share a network`,
        });
        return null;
      }
      const options = { ...experiment.craftOptions('on the host'), form: { remoteIpv6: NOBODY } };
      return sendSliced(between.flatMap((lane) => craftKinds(lane, kinds, copies, options)));
    },
    async sendFromLeaf(leaf, kinds, { copies = 2, to = 'one' } = {}) {
      // In each network that a VM or the host has, with the tag that the leaf's port carries.
      const from = [...gatewayLanes(topology, leaf, to), ...serverLanes(topology, leaf, to)];
      const options = { ...experiment.craftOptions(`from ${leaf}`), form: { remoteIpv6: NOBODY } };
      return inSlices(
        from.flatMap((lane) => craftKinds(lane, kinds, copies, options)),
        (slice) => experiment.sendAsLeaf(leaf, slice),
      );
    },
    async speakAsLeaves({ without } = {}) {
      const dark = without === undefined ? undefined : legNamed(topology, without).leaf;
      for (const leaf of topology.leaves)
        if (leaf.name !== dark)
          await this.sendFromLeaf(leaf.name, ['arp-request-broadcast', 'garp-reply', 'ns-dad'], { copies: 1 });
    },
    inflict: (fault, leg, args) => experiment.inflict(fault, leg, args),
    async unplug(leg) {
      const fault = await experiment.inflict('unplug', leg);
      if (fault !== null) cut.set(leg, fault);
    },
    async plug(leg) {
      const fault = cut.get(leg);
      if (fault === undefined) throw new RangeError(`${leg} was not unplugged`);
      cut.delete(leg);
      await fault.repair();
    },
    flap: (leg, args) => experiment.flap(leg, args),
    bondLeft: (...legs) => experiment.bondLeft(legs),
    slowLacp: () => experiment.slowLacp(),
    stream({ kinds = STREAM_KINDS, rate = STREAM_RATE, from = topology.vms.slice(0, 2).map((vm) => vm.node) } = {}) {
      const own = lanes(from);
      const options = experiment.craftOptions(STREAM_GROUP);
      const stream = startStream(
        (n) => {
          const kind = kinds[n % kinds.length];
          const lane = own[Math.floor(n / kinds.length) % own.length];
          const [probe] = kind === undefined || lane === undefined ? [] : craftKinds(lane, [kind], 1, options);
          if (probe === undefined) throw new RangeError('a stream needs kinds and senders');
          return probe;
        },
        (probes) => experiment.send(probes),
        rate,
      );
      return {
        sent: (more) => stream.sent(more),
        async stop() {
          const probes = await stream.stop();
          streamed.push(...probes);
          return probes;
        },
      };
    },
    streamed: () => streamed,
    partnersDiffer: () => experiment.partnersDiffer(),
    async recordRelearning(leg) {
      const { leaf } = legNamed(topology, leg);
      letAllSpeak();
      await experiment.mark(await relearning(experiment.lab, leaf));
    },
    heardLeaves: async () => leavesOf(await experiment.host.activeLeg()),
    broadcastHeardLeaves: async () => leavesOf(await experiment.host.broadcastLeg()),
    async ageTables() {
      letAllSpeak();
      const tables = await ageLeafTables(experiment.lab);
      for (const skip of tables.skips) experiment.skip(skip);
      await wait(DURATIONS.tableAgeing);
      experiment.keep({ neighbors: await tables.stop() });
    },
    async idle() {
      const { host } = experiment;
      let before = await host.macTable();
      await until('switches to know every sender', DURATIONS.controlFrame, async () =>
        unknownSenders(topology, (before = await host.macTable())).length === 0 ? true : null,
      ).catch(unlessNever);
      await host.ageMacs();
      await experiment.mark(`nobody speaks for ${DURATIONS.silence / 1000} s`);
      await wait(DURATIONS.silence);
      const after = await host.macTable();
      await experiment.mark('the silence is over');
      return { topology, before, after };
    },
    leafResolves: (leaf, senders) => leafResolves(experiment.lab, leaf, senders.map(speaking), answerMs),
    leafProbes: (leaf, senders) => leafProbes(experiment.lab, leaf, senders.map(speaking), answerMs),
    resolveGateway: (sender) => resolveGateway(experiment.lab, speaking(sender)),
    announce: (sender) => announce(experiment.lab, speaking(sender)),
    detectDuplicates: (sender, address, { nonce }) =>
      detectDuplicates(experiment.lab, speaking(sender), address, nonce),
    async openFabric() {
      const { fabric } = topology;
      const missing = fabric === undefined ? null : await probeFrr(experiment.lab.node(fabric.spine));
      if (missing !== null) {
        experiment.skipAll({ what: 'the outage end to end, with real routing daemons', ...missing });
        return null;
      }
      letAllSpeak();
      const running = await startFabric(experiment.lab);
      for (const skip of running.tables.skips) experiment.skip(skip);
      if (running.again !== null) await experiment.mark(running.again);
      return {
        age: () => wait(DURATIONS.tableAgeing),
        leafDown: (leaf) => running.leafDown(leaf, () => this.unplug(legTo(topology, leaf).name)),
        leafUp: (leaf) => running.leafUp(leaf, () => this.plug(legTo(topology, leaf).name)),
        close: async () => experiment.keep(await running.stop()),
      };
    },
    judge: finish,
  };
}
