import { randomInt } from 'node:crypto';
import type { CanaryRecord, RungRecord, VantageRecord } from '../evidence/types.js';
import { createCaptureParser } from '../pcap/parser.js';
import { flowPathsOf, gatewayFlowPaths } from '../stimulus/flowPath.js';
import { need } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import type { LossCount } from '../testbed/port.js';
import type { Leg } from '../topology/model.js';
import { alterationsOf, type Alteration } from '../wire/altered.js';
import { buildFrame } from '../wire/build.js';
import type { VlanTag } from '../wire/frame.js';
import { KINDS, type KindId, type TagForm } from '../wire/kinds.js';
import { readToken } from '../wire/token.js';

/** What scenarios send most of: every neighbor frame that must be replicated, and data. */
const CANARIES: readonly KindId[] = [
  ...KINDS.flatMap(({ id, family, expected }) =>
    (family === 'arp' || family === 'nd') && expected === 'one-each' && id !== 'arp-other' ? [id] : [],
  ),
  'data-udp',
  'data-tcp',
];

const tag = (tpid: VlanTag['tpid'], vid: number): VlanTag => ({ tpid, vid, pcp: 0, dei: false });

/** A VLAN that a switch of the lab may have, and one for the outer tag. */
const INNER = 10;
const OUTER = 100;
const FORMS: readonly (readonly [TagForm, readonly VlanTag[]])[] = [
  ['untagged', []],
  ['tagged', [tag(0x8100, INNER)]],
  ['qinq', [tag(0x88a8, OUTER), tag(0x8100, INNER)]],
];

/** Frames per second, and how many: the last is what a lab sends at when nothing else is asked for. */
const LADDER: readonly (readonly [number, number])[] = [
  [50, 10],
  [200, 40],
  [600, 120],
  [2_000, 200],
  [8_000, 400],
];

/** What is not seen by then does not come, ms: some round trips and a queue. */
const COMES_WITHIN = 1_500;

/** Locally administered, and of nobody: no table of a switch gets the MAC of a sender by it. */
const CANARY_MAC = '0a:00:00:0e:00:01';

/**
 * Whose MAC canaries have: one that is nobody's, before there is a switch; or the host's, where leaves are alive and
 * believe what they hear.
 */
export type CanarySource = 'nobody' | 'host';

export interface Declared {
  readonly kind: VantageRecord['kind'];
  readonly at: string;
  readonly without: VantageRecord['without'];
  /** It is said to show what the leaf sends, too. */
  readonly showsSent?: boolean;
}

interface Canary {
  readonly id: number;
  readonly kind: KindId;
  readonly form: TagForm;
  readonly tags: readonly VlanTag[];
  readonly frame: Uint8Array;
}

/**
 * Tries what the captures of each leaf show, with frames that are sent on one leg alone, before there is a switch: no
 * replicator has a hand in it. Throws LackError where the host's legs cannot send, or a leaf cannot be captured.
 */
export async function calibrate(
  lab: Lab,
  declared: ReadonlyMap<string, Declared>,
  as: CanarySource = 'nobody',
): Promise<Readonly<Record<string, VantageRecord>>> {
  const tried = await Promise.all(
    lab.topology.legs.flatMap((leg) => {
      const place = declared.get(leg.leaf);
      return place === undefined ? [] : [tryLeg(lab, leg, place, as)];
    }),
  );
  return Object.fromEntries(tried);
}

/** Where no frame can be sent on a leg: what is declared, and that nothing of it was tried. */
export function uncalibrated(
  declared: ReadonlyMap<string, Declared>,
  untried: string,
): Readonly<Record<string, VantageRecord>> {
  return Object.fromEntries(
    [...declared].map(([leaf, place]) => [
      leaf,
      {
        ...place,
        canaries: [],
        // On the port itself the kernel tells what was received from what was sent.
        showsSent: place.showsSent === true || place.kind !== 'port',
        ladder: [],
        counted: null,
        untried,
      },
    ]),
  );
}

async function tryLeg(
  lab: Lab,
  leg: Leg,
  declared: Declared,
  as: CanarySource,
): Promise<readonly [string, VantageRecord]> {
  const { host } = lab.topology;
  const salt = randomInt(1, 2 ** 32);
  const send = need(lab.port(host.node, leg.hostPort).inject);
  const leaf = lab.port(leg.leaf, leg.leafPort);
  const build = (id: number, kind: KindId, tags: readonly VlanTag[]): Uint8Array => {
    const [path] = flowPathsOf(lab.topology, host);
    if (path === undefined) throw new RangeError(`the host ${host.node} is in no network`);
    return buildFrame(kind, {
      sourceMac: as === 'host' ? host.mac : CANARY_MAC,
      sourceIpv4: path.ipv4,
      sourceIpv6: path.ipv6,
      gatewayMac: path.gatewayMac,
      gatewayIpv4: path.gateway4,
      gatewayIpv6: path.gateway6,
      variation: id,
      tags,
      salt,
      id,
    });
  };
  /** A question of the gateway for the host, as the leaf itself asks it. */
  const fromGateway = (id: number): Uint8Array => {
    const [path] = gatewayFlowPaths(lab.topology, leg.leaf);
    if (path === undefined) throw new RangeError(`the leaf ${leg.leaf} is in no network`);
    return buildFrame('arp-request-broadcast', {
      sourceMac: path.sender.mac,
      sourceIpv4: path.ipv4,
      sourceIpv6: path.ipv6,
      gatewayMac: path.gatewayMac,
      gatewayIpv4: path.gateway4,
      gatewayIpv6: path.gateway6,
      variation: 0,
      tags: path.sentTags,
      salt,
      id,
    });
  };
  let ids = 0;
  const canaries = CANARIES.flatMap((kind) =>
    FORMS.map(([form, tags]): Canary => {
      const id = ++ids;
      return { id, kind, form, tags, frame: build(id, kind, tags) };
    }),
  );
  const chunks: Uint8Array[] = [];
  const sink = { write: (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)), end: () => undefined };
  const capture = await need(leaf.tap).open({ direction: 'in', salt, sink });
  const ladder: { readonly perSecond: number; readonly sent: readonly number[] }[] = [];
  const own = ++ids;
  let lost: LossCount | undefined;
  try {
    // Slowly: what is policed is for the ladder to find out.
    await send(
      canaries.map(({ frame }) => frame),
      LADDER[0]?.[0],
    );
    const unseen = new Set(
      await capture.missing(
        canaries.map(({ id }) => id),
        COMES_WITHIN,
      ),
    );
    const shown = canaries.find(({ id }) => !unseen.has(id));
    if (leaf.inject.ok)
      await leaf.inject.use([as === 'host' ? fromGateway(own) : build(own, 'arp-request-broadcast', [])]);
    for (const [perSecond, frames] of shown === undefined ? [] : LADDER) {
      const sent = Array.from({ length: frames }, () => ++ids);
      ladder.push({ perSecond, sent });
      await send(
        sent.map((id) => build(id, shown?.kind ?? 'arp-request-broadcast', shown?.tags ?? [])),
        perSecond,
      );
      if ((await capture.missing(sent, COMES_WITHIN)).length > 0) break;
    }
  } finally {
    ({ lost } = await capture.stop());
  }
  const seen = seenIn(chunks, salt, new Map(canaries.map((canary) => [canary.id, canary])));
  return [
    leg.leaf,
    {
      ...declared,
      canaries: canaries.map(({ id, kind, form }): CanaryRecord => ({
        kind,
        form,
        copies: seen.copies.get(id) ?? 0,
        altered: [...(seen.altered.get(id) ?? [])].sort(),
      })),
      // Where it could not be tried, it is not known that it does not.
      showsSent: declared.showsSent === true || !leaf.inject.ok || seen.copies.has(own),
      ladder: ladder.map(({ perSecond, sent }): RungRecord => ({
        perSecond,
        frames: sent.length,
        seen: sent.filter((id) => seen.copies.has(id)).length,
      })),
      counted: lost?.frames ?? null,
      ...(lost === undefined || lost.unread === null
        ? {}
        : { uncounted: `${lost.unread.command}: ${lost.unread.output}` }),
    },
  ];
}

interface Seen {
  readonly copies: ReadonlyMap<number, number>;
  readonly altered: ReadonlyMap<number, ReadonlySet<Alteration>>;
}

function seenIn(chunks: readonly Uint8Array[], salt: number, canaries: ReadonlyMap<number, Canary>): Seen {
  const copies = new Map<number, number>();
  const altered = new Map<number, Set<Alteration>>();
  const parser = createCaptureParser({
    frame(bytes, start, captured, original) {
      const id = captured < original ? -1 : readToken(bytes, start, captured, salt);
      if (id < 0) return;
      copies.set(id, (copies.get(id) ?? 0) + 1);
      const canary = canaries.get(id);
      if (canary === undefined) return;
      const found = altered.get(id) ?? new Set<Alteration>();
      altered.set(id, found);
      const frame = bytes.subarray(start, start + captured);
      for (const one of alterationsOf(canary.frame, canary.tags, frame, original)) found.add(one);
    },
  });
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return { copies, altered };
}
