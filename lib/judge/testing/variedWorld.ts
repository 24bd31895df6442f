import { dice } from '../../dice.js';
import { buildFrame } from '../../wire/build.js';
import { withTags } from '../../wire/ethernet.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import { MS, SECOND, US } from './captures.js';
import { KINDS, type World } from './fieldWorld.js';
import type { Captured, Fate } from './situation.js';

export interface VariedOptions {
  readonly seed: number;
  readonly fate: Fate;
  readonly leaves?: number;
  /** Neighbor frames in all. */
  readonly frames?: number;
  /** Between two neighbor frames on average; 40 % to 160 % of it. */
  readonly everyMs?: number;
  /** Tags of every frame of a host; by chance, one of each host's own or none, unless said otherwise. */
  readonly tags?: readonly VlanTag[] | undefined;
  /** Hosts say the same again and again, as in polls; each frame is another one unless said otherwise. */
  readonly isRepeating?: boolean;
  readonly data?: 'on one leaf' | 'on each leaf' | 'none';
  /** A second host that is not judged. */
  readonly hasStranger?: boolean;
  /** What each leaf says by itself, now and then. */
  readonly alive?: 'lacpdu' | 'lldp';
  /** How far a copy comes behind the first, at most. */
  readonly jitterUs?: number;
}

/** A host as it was drawn: MACs and addresses are its own. */
interface Host {
  readonly mac: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly tags: readonly VlanTag[];
}

const DATA: readonly KindId[] = ['data-udp', 'data-tcp', 'data-echo', 'data-echo6'];
/** Where a host's own second MAC is, from the EtherType behind all tags on. */
const OWN_MAC = { arp: 2 + 8, nd: 2 + 40 + 26 } as const;

/**
 * What leaves hear of hosts whose number, MACs, addresses, VLANs, kinds and times are by chance; one frame fared badly
 * on a leaf that is not the first. Right and wrong captures of one seed are twins.
 */
export function variedWorld(options: VariedOptions): World {
  const { seed, fate, leaves: count = 2, frames = 40, everyMs = 120, isRepeating = false } = options;
  const { data = 'on each leaf', alive = 'lacpdu', hasStranger = false, jitterUs = 90 } = options;
  const roll = dice(seed * 104_729 + 71);
  const below = (n: number): number => Math.floor(roll() * n);
  const gateway = `02:00:5e:00:${byte(below(256))}:${byte(1 + below(254))}`;
  const hosts = Array.from({ length: 1 + below(5) }, (_, i): Host => {
    const last = 2 + i * 40 + below(40);
    const own: readonly VlanTag[] =
      roll() < 0.5 ? [{ tpid: 0x8100, vid: 1 + below(4_094), pcp: below(8), dei: false }] : [];
    return {
      mac: `02:${byte(below(256))}:${byte(below(256))}:00:01:${byte(last)}`,
      ipv4: `198.51.100.${last}`,
      ipv6: `2001:db8:${(1 + below(0xffff)).toString(16)}::${last.toString(16)}`,
      tags: options.tags ?? own,
    };
  });
  const stranger: Host = { mac: '02:77:00:00:00:77', ipv4: '203.0.113.77', ipv6: '2001:db8:77::77', tags: [] };
  const frameOf = (kind: KindId, host: Host, variation: number): Uint8Array => {
    const frame = buildFrame(kind, {
      sourceMac: host.mac,
      sourceIpv4: host.ipv4,
      sourceIpv6: host.ipv6,
      gatewayMac: gateway,
      gatewayIpv4: '198.51.100.1',
      gatewayIpv6: '2001:db8::1',
      variation,
      salt: 0,
      id: 0,
    });
    return withTags(kind.startsWith('data-') ? frame : frame.slice(0, frame.length - 12), host.tags);
  };
  const seen: Captured[][] = Array.from({ length: count }, () => []);
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void seen[leaf]?.push({ at: Math.round(at), frame });
  const place = Math.floor(frames * (0.3 + roll() * 0.4));
  const victim = { leaf: 1 + below(count - 1), kind: KINDS[0] as KindId, at: 0 };
  let at = SECOND;
  for (let i = 0; i < frames; i++) {
    at += everyMs * MS * (0.4 + 1.2 * roll());
    const host = hosts[below(hosts.length)] ?? hosts[0];
    const kind = KINDS[below(KINDS.length)] ?? 'ns-multicast';
    if (host === undefined) continue;
    const frame = frameOf(kind, host, isRepeating ? 1 : i + 1);
    const isVictim = i === place && fate !== 'good';
    if (i === place) Object.assign(victim, { kind, at });
    for (let leaf = 0; leaf < count; leaf++) {
      const then = leaf === 0 ? at : at + roll() * jitterUs * US;
      const isHere = isVictim && leaf === victim.leaf;
      if (!isHere || fate === 'doubled') see(leaf, then, frame);
      if (isHere && fate === 'doubled') see(leaf, then + 120 * US + roll() * 500 * US, frame);
      if (isHere && fate === 'altered') see(leaf, then + MS, withOtherOwnMac(frame, host.tags.length));
    }
    const more = frameOf(DATA[below(DATA.length)] ?? 'data-udp', host, i + 1);
    const leafOfData = data === 'on one leaf' ? 0 : below(count);
    if (data !== 'none') see(leafOfData, at + everyMs * MS * 0.3, more);
    if (hasStranger && i % 4 === 1)
      for (let leaf = 0; leaf < count; leaf++)
        if (roll() < 0.7) see(leaf, at + 0.2 * everyMs * MS, frameOf('arp-request-broadcast', stranger, i));
  }
  for (const [leaf, list] of seen.entries()) {
    const own = buildFrame(alive, {
      sourceMac: `02:00:00:00:ff:${byte(leaf + 1)}`,
      sourceIpv4: '192.0.2.1',
      sourceIpv6: '2001:db8::2',
      gatewayMac: gateway,
      gatewayIpv4: '192.0.2.2',
      gatewayIpv6: '2001:db8::3',
      variation: leaf,
      salt: 0,
      id: 0,
    });
    for (let then = leaf * 30 * MS, i = 0; then < at + SECOND; then += Math.max(SECOND, (at + SECOND) / 200), i++)
      list.push({ at: Math.round(then), frame: own });
    list.push({ at: Math.round(at + SECOND + leaf * 30 * MS), frame: own });
    list.sort((a, b) => a.at - b.at);
  }
  return { leaves: seen, victim, hosts: [...new Set(hosts.map(({ mac }) => mac))] };
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** The link-layer address that the message names is another one. */
function withOtherOwnMac(frame: Uint8Array, tags: number): Uint8Array {
  const copy = Uint8Array.from(frame);
  const etherType = 12 + 4 * tags;
  const at = etherType + (copy[etherType] === 8 ? OWN_MAC.arp : OWN_MAC.nd) + 5;
  copy[at] = (copy[at] ?? 0) ^ 0x40;
  return copy;
}
