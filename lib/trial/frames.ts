import { hearOnHost, planeName } from '../dataplane/traits.js';
import type { Probe } from '../evidence/types.js';
import { groupBy } from '../groupBy.js';
import { flowsFor } from '../judge/rules/spread.js';
import { craftFlows, craftKinds, craftProtocols, type CraftedProbe, type CraftOptions } from '../stimulus/crafted.js';
import {
  gatewayFlowPaths,
  flowPathsOf,
  neighborFlowPaths,
  serverFlowPaths,
  stackedFlowPath,
  type FlowPath,
  type Reach,
} from '../stimulus/flowPath.js';
import { craftShapes } from '../stimulus/shapes.js';
import { startStream, STREAM_GROUP, STREAM_KINDS, STREAM_RATE, type Stream } from '../stimulus/stream.js';
import { LackError, type Lack } from '../testbed/capability.js';
import { legNamed } from '../topology/legs.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import type { KindId } from '../wire/kinds.js';
import { sendable, sendAll, sendAsLeaf } from './sending.js';
import { skipAll, skipPart, type Window } from './window.js';

export interface SendOptions {
  /** Sender names; all senders without it. */
  readonly from?: readonly string[];
  /** Probes of each kind and flow path. */
  readonly copies?: number;
  /** Shown in the report; the probes of one step belong together. */
  readonly group?: string;
}

export interface StormOptions {
  readonly kinds: readonly KindId[];
  /** Total number of frames. */
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

/** Frames that the lab crafts and sends, each with a token. */
export interface Frames {
  /** Probes of each kind, on each flow path of each sender. */
  send(kinds: readonly KindId[], options?: SendOptions): Promise<readonly Probe[]>;
  /**
   * Probes of each kind with two tags, on each flow path of each trunk: 802.1Q inside of 802.1ad, and inside of 802.1Q.
   */
  sendStacked(kinds: readonly KindId[], options?: Pick<SendOptions, 'copies'>): Promise<readonly Probe[]>;
  /** Many frames in one go, kind after kind and sender after sender, at no more than a rate (P11). */
  storm(options: StormOptions): Promise<readonly Probe[]>;
  /** Neighbor frames of every sender in every shape of lib/stimulus/shapes.ts. */
  sendShapes(): Promise<readonly Probe[]>;
  /** Data of every sender in every protocol of lib/wire/protocols.ts. */
  sendProtocols(): Promise<readonly Probe[]>;
  /**
   * Data of enough flows per sender that a hashing bond must spread each sender's flows over all legs; up to seven
   * legs, see MOST_FLOWS.
   */
  sendFlows(kind: KindId, options?: Omit<SendOptions, 'copies'>): Promise<readonly Probe[]>;
  /**
   * Probes of each kind from every sender to every other sender of its networks on the same host; null where no two
   * share a network.
   */
  sendOnHost(kinds: readonly KindId[], options?: Pick<SendOptions, 'copies'>): Promise<readonly Probe[] | null>;
  /**
   * Frames that come from a leaf towards the host, of each kind: from its gateway, and from another server behind it.
   * To one sender of each network, or to every sender.
   */
  sendFromLeaf(
    leaf: string,
    kinds: readonly KindId[],
    options?: { readonly copies?: number; readonly to?: Reach },
  ): Promise<readonly Probe[]>;
  /**
   * ARP and DAD of every leaf and of a server behind it, except for the leaf at the end of leg `without`: none of it
   * may come out at any leaf (P5).
   */
  speakAsLeaves(options?: { readonly without?: string }): Promise<void>;
  /** Probes that go out at a steady pace, kind after kind and sender after sender, while other things happen. */
  stream(options?: StreamOptions): Stream;
  /** All probes of all streams that have been stopped. */
  streamed(): readonly Probe[];
}

/**
 * Sends in slices, so that a switch's socket buffer (a few hundred frames) never overflows however busy the machine is.
 */
const SLICE = 96;

/** The outer tag of two, and how the report names such frames. */
const OUTER_TAGS = [
  ['802.1Q inside of 802.1ad', 0x88a8],
  ['802.1Q inside of 802.1Q', 0x8100],
] as const;

/** Spare flows: one that was lost, or came late on a busy machine, proves nothing. */
const SPARE_FLOWS = 4;

/**
 * Where data to a sender's MAC goes: an IPv6 group for documentation (RFC 6676). A kernel sends no error for a packet
 * to a group that it has not joined (RFC 4443 2.4 e.3); an error would quote the whole probe, and look like the probe
 * coming back.
 */
const NOBODY = 'ff0e::db8:0:9';

async function inSlices(
  crafted: readonly CraftedProbe[],
  send: (slice: readonly CraftedProbe[]) => Promise<readonly Probe[]>,
): Promise<readonly Probe[]> {
  const sent: Probe[] = [];
  for (let i = 0; i < crafted.length; i += SLICE) sent.push(...(await send(crafted.slice(i, i + SLICE))));
  return sent;
}

/** Who hears these believes them, and hears them from us. */
const HARMFUL: readonly KindId[] = ['ra', 'redirect'];

/** Why frames are not sent where others live. */
function harm(what: string, because: string): Lack {
  return {
    what,
    command: 'everyleaf run --binding FILE',
    output: `its leaves and their neighbors are installed, and would believe them: ${because}`,
  };
}

/** Those of these kinds that do no harm here; that others were not tried is noted. Throws LackError where none is left. */
function harmless(window: Window, kinds: readonly KindId[]): readonly KindId[] {
  if (window.lab.isAsFound !== true || !kinds.some((kind) => HARMFUL.includes(kind))) return kinds;
  const lack = harm('router advertisements and redirects', 'they change the routes of every host');
  const left = kinds.filter((kind) => !HARMFUL.includes(kind));
  if (left.length === 0) throw new LackError([lack]);
  skipPart(window, lack);
  return left;
}

const onlyTheirOwn = (what: string): Lack => ({
  what,
  command: 'everyleaf run --binding FILE',
  output: 'its leaves are installed: only their own kernels speak there',
});

export function framesOf(window: Window): Frames {
  const { topology } = window.lab;
  const senders = sendersOf(topology);
  const allLanes = senders.flatMap((sender) => flowPathsOf(topology, sender));
  const streamed: Probe[] = [];
  const flowPaths = (from?: readonly string[]): readonly FlowPath[] => {
    // A sender that this topology does not have would silently go untested.
    from?.forEach((name) => senderNamed(topology, name));
    return allLanes.filter((flowPath) => from === undefined || from.includes(flowPath.sender.node));
  };
  const options = (group: string): CraftOptions => ({ salt: window.salt, nextId: window.nextId, group });
  const sendSliced = (crafted: readonly CraftedProbe[]) => inSlices(crafted, (slice) => sendAll(window, slice));

  async function sendFromLeaf(
    leaf: string,
    kinds: readonly KindId[],
    { copies = 2, to = 'one' }: { readonly copies?: number; readonly to?: Reach } = {},
  ): Promise<readonly Probe[]> {
    if (window.lab.isAsFound === true)
      throw new LackError([onlyTheirOwn(`frames in the name of ${leaf}, and of servers behind it`)]);
    // In each network that a VM or the host has, with the tag that the leaf's port carries.
    const from = [...gatewayFlowPaths(topology, leaf, to), ...serverFlowPaths(topology, leaf, to)];
    const craft = { ...options(`from ${leaf}`), form: { remoteIpv6: NOBODY } };
    return inSlices(
      from.flatMap((flowPath) => craftKinds(flowPath, kinds, copies, craft)),
      (slice) => sendAsLeaf(window, leaf, slice),
    );
  }

  return {
    send: (kinds, { from, copies = 2, group = 'sweep' } = {}) => {
      const tried = harmless(window, kinds);
      return sendSliced(flowPaths(from).flatMap((flowPath) => craftKinds(flowPath, tried, copies, options(group))));
    },
    sendStacked: (kinds, { copies = 1 } = {}) =>
      sendSliced(
        OUTER_TAGS.flatMap(([group, tpid]) =>
          flowPaths()
            .flatMap((flowPath) => stackedFlowPath(flowPath, tpid) ?? [])
            .flatMap((flowPath) => craftKinds(flowPath, kinds, copies, options(group))),
        ),
      ),
    storm({ kinds, frames, rate, from }) {
      const own = flowPaths(from);
      const each = Math.ceil(frames / own.length);
      const storm = options('storm');
      const crafted = own.flatMap((flowPath) =>
        Array.from({ length: each }, (_, n) =>
          craftKinds(flowPath, kinds.slice(n % kinds.length, (n % kinds.length) + 1), 1, storm),
        ).flat(),
      );
      return sendAll(window, crafted, rate / from.length);
    },
    sendShapes: () => {
      if (window.lab.isAsFound === true)
        throw new LackError([harm('neighbor frames of every shape', 'they tell MACs and addresses that are nobody’s')]);
      return sendSliced(flowPaths().flatMap((flowPath) => craftShapes(flowPath, options('shapes'))));
    },
    sendProtocols: () => {
      if (window.lab.isAsFound === true)
        throw new LackError([harm('protocols of routers and hosts', 'other machines take part in them')]);
      return sendSliced(flowPaths().flatMap((flowPath) => craftProtocols(flowPath, options('protocols'))));
    },
    async sendFlows(kind, { from, group = 'flows' } = {}) {
      const by = window.plane.traits.spreads === 'sources' ? 'sources' : 'ports';
      const flows = flowsFor(topology.legs.length) + SPARE_FLOWS;
      const sent: Probe[] = [];
      // Sender after sender: a bond assigns legs to new flows in turn, and two senders that alternate would each get
      // one leg only.
      for (const flowPath of flowPaths(from))
        sent.push(...(await sendSliced(craftFlows(flowPath, kind, flows, by, options(group)))));
      return sent;
    },
    async sendOnHost(kinds, { copies = 1 } = {}) {
      if (window.lab.isAsFound === true)
        throw new LackError([
          {
            what: 'what senders on one host say to each other',
            command: 'everyleaf run --binding FILE',
            output: 'the host is installed: no capture at a sender can be shown to be alive from inside of its switch',
          },
        ]);
      const { traits } = window.plane;
      const between = senders.flatMap((sender) =>
        neighborFlowPaths(topology, sender, ({ node }) => hearOnHost(traits, topology.host.node, [sender.node, node])),
      );
      if (traits.onHost === 'nobody') {
        skipAll(window, {
          what: 'what senders on one host say to each other',
          command: `everyleaf run --data-plane ${traits.kind} --mode ${traits.variant}`,
          output: `${planeName(traits)}: it goes to the leaves alone`,
        });
        return null;
      }
      if (between.length === 0) {
        skipAll(window, {
          what: 'what senders on one host say to each other',
          command: 'everyleaf check',
          output: `no two senders of ${topology.name} share a network`,
        });
        return null;
      }
      const craft = { ...options('on the host'), form: { remoteIpv6: NOBODY } };
      return sendSliced(between.flatMap((flowPath) => craftKinds(flowPath, kinds, copies, craft)));
    },
    sendFromLeaf,
    async speakAsLeaves({ without } = {}) {
      // What switches forget, installed leaves tell them again by themselves.
      if (window.lab.isAsFound === true) {
        skipPart(window, onlyTheirOwn('frames in the name of the leaves'));
        return;
      }
      const dark = without === undefined ? undefined : legNamed(topology, without).leaf;
      for (const leaf of topology.leaves)
        if (leaf.name !== dark)
          await sendFromLeaf(leaf.name, ['arp-request-broadcast', 'garp-reply', 'ns-dad'], { copies: 1 });
    },
    stream({ kinds = STREAM_KINDS, rate = STREAM_RATE, from = topology.vms.slice(0, 2).map((vm) => vm.node) } = {}) {
      // Now, and not frame by frame: of a sender that cannot send, each frame alone would end the trial.
      const own = [
        ...sendable(
          window,
          groupBy(flowPaths(from), ({ sender }) => sender.node),
        ).values(),
      ].flat();
      const craft = options(STREAM_GROUP);
      const stream = startStream(
        (n) => {
          const kind = kinds[n % kinds.length];
          const flowPath = own[Math.floor(n / kinds.length) % own.length];
          const [probe] = kind === undefined || flowPath === undefined ? [] : craftKinds(flowPath, [kind], 1, craft);
          if (probe === undefined) throw new RangeError('a stream needs kinds and senders');
          return probe;
        },
        (probes) => sendAll(window, probes),
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
  };
}
