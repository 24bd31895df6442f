import type { CraftedProbe } from '../../stimulus/crafted.js';
import { gatewayFlowPaths, flowPathsOf, type FlowPath } from '../../stimulus/flowPath.js';
import { startStream, type Stream } from '../../stimulus/stream.js';
import type { Lab } from '../../testbed/lab.js';
import { buildFrame } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import { groupBy } from '../../groupBy.js';
import { sendersOf } from '../../topology/senders.js';
import { untokened } from './untokened.js';
import { need } from '../../testbed/capability.js';

/** What senders repeat, byte for byte. */
const REPEATED: readonly KindId[] = [
  'garp-request',
  'garp-reply',
  'arp-request-broadcast',
  'arp-request-unicast',
  'ns-unicast',
];
/**
 * The same, without the senders whose own stacks send it: two identical frames at one time look like a duplicate.
 */
const ANSWERS: readonly KindId[] = ['arp-reply-unicast', 'na-solicited'];
const ANNOUNCED: readonly KindId[] = ['arp-announcement', 'na-unsolicited'];
/** What differs each time. */
const VARIED: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-probe',
  'ns-multicast',
  'ns-dad',
  'ns-dad-nonce',
  'na-solicited',
  'ns-ext-header',
  'rs',
  'mld-report',
];
const DATA: readonly KindId[] = [
  'data-tcp',
  'data-udp',
  'data-echo',
  'data-echo6',
  'data-dhcp',
  'data-mdns',
  'data-other',
  'near-miss-udp-arp',
  'near-miss-tcp6-135',
  'near-miss-icmp4-135',
  'near-miss-ethertype-0805',
  'near-miss-ethertype-0807',
];
/** What a leaf sends to the host; nobody answers these. */
const FROM_LEAF: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'garp-request',
  'ns-multicast',
  'na-solicited',
  'na-unsolicited',
  'data-tcp',
  'data-udp',
  'data-echo6',
  'near-miss-udp-arp',
];
/** What one leaf asks twice a round, and what real stacks answer. */
const ASKED: readonly KindId[] = ['arp-request-unicast', 'ns-unicast', 'arp-request-unicast', 'ns-unicast'];

interface Item {
  /** Name of the node, and the port of it that the frame leaves by. */
  readonly node: string;
  readonly port: string;
  readonly flowPath: FlowPath;
  readonly kind: KindId;
  readonly isVaried: boolean;
}

/** One round of everything that senders and leaves send. */
export function roundOf(lab: Lab): readonly Item[] {
  const { topology } = lab;
  const stacks = [topology.host.node, topology.vms[0]?.node];
  const items: Item[] = sendersOf(topology).flatMap((sender) =>
    flowPathsOf(topology, sender).flatMap((flowPath) => {
      const item =
        (isVaried: boolean) =>
        (kind: KindId): Item => ({ node: sender.node, port: sender.nic, flowPath, kind, isVaried });
      return [
        ...REPEATED.map(item(false)),
        ...(stacks.includes(sender.node) ? [] : ANSWERS.map(item(false))),
        ...(sender === topology.host ? [] : ANNOUNCED.map(item(false))),
        ...VARIED.map(item(true)),
        ...DATA.map(item(true)),
      ];
    }),
  );
  const fromLeaves = topology.legs.flatMap((leg, index): Item[] => {
    const item =
      (flowPath: FlowPath, isVaried: boolean) =>
      (kind: KindId): Item => ({ node: leg.leaf, port: leg.leafPort, flowPath, kind, isVaried });
    return gatewayFlowPaths(topology, leg.leaf).flatMap((flowPath) => [
      ...FROM_LEAF.map(item(flowPath, true)),
      ...(index === 0 ? ASKED.map(item(flowPath, false)) : []),
    ]);
  });
  // Puts frames that belong together far apart: a prime step visits each frame once.
  const all = [...items, ...fromLeaves];
  const step = [89, 97, 101].find((prime) => all.length % prime !== 0) ?? 1;
  return all.map((_, n) => all[(n * step) % all.length]).filter((item) => item !== undefined);
}

/** Frames per second: a leaf of real hosts; a tenth of what a busy machine can carry. */
const RATE = 500;
/**
 * Each round starts this many frames later in the list than the one before, so that repeats have no single period.
 */
const SHIFT = 7;

/** Sends everything that senders and leaves send, without tokens, round after round until it is stopped. */
export function startTraffic(lab: Lab): { readonly stream: Stream; readonly perRound: number } {
  const round = roundOf(lab);
  let id = 0;
  const next = (n: number): CraftedProbe => {
    const turn = Math.floor(n / round.length);
    const item = round[(n + turn * SHIFT) % round.length];
    if (item === undefined) throw new RangeError('nobody speaks');
    const { flowPath, kind, isVaried, node } = item;
    const variation = isVaried ? n + 1 : 0;
    const frame = buildFrame(kind, {
      sourceMac: flowPath.sender.mac,
      sourceIpv4: flowPath.ipv4,
      sourceIpv6: flowPath.ipv6,
      gatewayMac: flowPath.gatewayMac,
      gatewayIpv4: flowPath.gateway4,
      gatewayIpv6: flowPath.gateway6,
      variation,
      tags: flowPath.sentTags,
      salt: 1,
      id: ++id,
    });
    return {
      id,
      kind,
      namedBy: 'content',
      sender: `${node} ${item.port}`,
      group: 'traffic',
      frame: Buffer.from(untokened(kind, frame)).toString('hex'),
      wireTags: [],
    };
  };
  const send = async (frames: readonly CraftedProbe[]) => {
    await Promise.all(
      [...groupBy(frames, (frame) => frame.sender)].map(([from, group]) => {
        const [node = '', port = ''] = from.split(' ');
        return need(lab.port(node, port).inject)(group.map((frame) => Buffer.from(frame.frame, 'hex')));
      }),
    );
    return frames.map((frame) => ({ ...frame, sentNs: '0' }));
  };
  return { stream: startStream(next, send, RATE), perRound: round.length };
}
