import { worstOf } from '../judge/tell/verdict.js';
import { createCaptureParser } from '../pcap/parser.js';
import { decodeFrame } from '../wire/decode.js';
import { WireError } from '../wire/error.js';
import { ANNOUNCERS, AFTER_RECOVERY, recoveriesIn, type Recovery } from './recovery.js';
import { judgeState, type Cell, type Due, type StateResult } from './state.js';
import type { WayEvidence } from './trial.js';
import { WORLD } from './world.js';

/** Where the announcements are among the cells, and what they are called. */
export const ANNOUNCEMENTS = {
  id: 'announcements',
  title: 'that the kernel sends by itself when a port is back',
} as const;

const NS_PER_S = 1_000_000_000n;

/** One address on the wire: `arp-untagged 198.51.100.10`. */
const nameOf = (protocol: 'arp' | 'na', vlans: readonly number[]): string =>
  `${protocol}-${vlans.length === 0 ? 'untagged' : `vlan-${vlans.join('-')}`}`;

/** Null where a frame announces nothing. */
function announcedIn(frame: Uint8Array): { readonly name: string; readonly ip: string } | null {
  try {
    const { tags, network } = decodeFrame(frame);
    const vlans = tags.map(({ vid }) => vid);
    if (network.type === 'arp')
      return network.senderIpv4 === network.targetIpv4 ? { name: nameOf('arp', vlans), ip: network.senderIpv4 } : null;
    if (network.type !== 'ipv6' || network.payload.type !== 'icmpv6' || network.payload.message.type !== 'na')
      return null;
    const { solicited, target } = network.payload.message;
    return solicited ? null : { name: nameOf('na', vlans), ip: target };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** What each leaf heard of one address in one recovery. */
interface Told {
  readonly name: string;
  readonly isOwn: boolean;
  readonly copies: number[];
}

/** Addresses that the host has, and what else was announced, with the copies on each leaf. */
function toldIn({ fromNs, toNs }: Recovery, captures: readonly Uint8Array[]): readonly Told[] {
  const none = () => captures.map(() => 0);
  const told = new Map<string, Told>();
  for (const { vlans, ipv4, ipv6 } of ANNOUNCERS)
    for (const [protocol, ips] of [
      ['arp', [ipv4]],
      ['na', ipv6],
    ] as const)
      for (const ip of ips) {
        const name = nameOf(protocol, vlans);
        told.set(`${name} ${ip}`, { name, isOwn: true, copies: none() });
      }
  captures.forEach((capture, leaf) => {
    const parser = createCaptureParser({
      frame(bytes, start, captured, _original, seconds, nanos) {
        const ns = BigInt(seconds) * NS_PER_S + BigInt(nanos);
        if (ns < fromNs || ns > toNs) return;
        const found = announcedIn(bytes.subarray(start, start + captured));
        if (found === null) return;
        const key = `${found.name} ${found.ip}`;
        const of = told.get(key) ?? { name: found.name, isOwn: false, copies: none() };
        told.set(key, of);
        of.copies[leaf] = (of.copies[leaf] ?? 0) + 1;
      },
    });
    parser.push(capture);
    parser.end();
  });
  return [...told.values()];
}

const isSilent = (told: readonly Told[]): boolean => told.every(({ copies }) => copies.every((count) => count === 0));

/**
 * Whether all was announced as it is due, but on the ports that had never gone alone: as if before the bond used again
 * the one that is back.
 */
function isEarly({ hostPort }: Recovery, told: readonly Told[]): boolean {
  const back = WORLD.legs.findIndex((leg) => leg.hostPort === hostPort);
  return (
    !isSilent(told) &&
    told.every(({ isOwn, copies }) => isOwn && copies.every((count, leaf) => count === (leaf === back ? 0 : 1)))
  );
}

/** Of two tags the bond sees the outer one alone: what has them goes out once, as any frame with two. */
function dutyOf(due: Due, name: string): Cell['duty'] {
  if (due === 'single-sent') return 'none';
  const [deepest] = ANNOUNCERS.filter(({ vlans }) => name === nameOf('arp', vlans) || name === nameOf('na', vlans));
  return (deepest?.vlans.length ?? 0) > 1 ? 'single' : 'replicated';
}

const SEEN = { none: 'none', single: 'one-leaf', replicated: 'each-leaf' } as const;

function cellOf(name: string, rows: readonly Told[], due: Due, leaves: readonly string[]): Cell {
  const duty = dutyOf(due, name);
  const sums = rows.map(({ copies }) => copies.reduce((sum, count) => sum + count, 0));
  const seen = sums.every((sum) => sum === 0)
    ? 'none'
    : rows.some(({ isOwn }) => !isOwn)
      ? 'other'
      : rows.every(({ copies }) => copies.every((count) => count === 1))
        ? 'each-leaf'
        : sums.every((sum) => sum === 1)
          ? 'one-leaf'
          : 'other';
  const isDue = Object.entries(SEEN).some(([what, due]) => what === duty && due === seen);
  return {
    sent: rows.length,
    leaves: Object.fromEntries(
      leaves.map((leaf, at) => [leaf, rows.reduce((sum, { copies }) => sum + (copies[at] ?? 0), 0)]),
    ),
    seen,
    duty,
    verdict: isDue ? 'pass' : 'fail',
  };
}

function cellsOf(due: Due, rounds: readonly (readonly Told[])[], leaves: readonly string[]): Record<string, Cell> {
  const rows = rounds.flat();
  const names = [...new Set(rows.map(({ name }) => name))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      cellOf(
        name,
        rows.filter((row) => row.name === name),
        due,
        leaves,
      ),
    ]),
  );
}

/**
 * Judges what became of the bond and its announcements when each port was shut and came back. With the option on each
 * address of the bond and of its VLAN devices is announced once on every leaf (ARP, and an unsolicited NA), where a bond
 * without it announces nothing: Linux, bonding.rst, num_grat_arp.
 *
 * A kernel of 6.17 leaves all of them out where it finds the lock of links taken (bond_3ad.c, ad_cond_set_peer_notif).
 * And whether they are made before or after the bond uses the port again is chance: both are works of one queue, and
 * that of the ports is put off for as long as the lock is taken (bond_main.c, bond_mii_monitor, bond_slave_arr_handler).
 * Where one of these was so for one port and not for another, nothing is concluded.
 *
 * The two states owe different things of each address, so that no captures of announcements can pass as both.
 */
export function judgeRecovery(due: Due, evidence: WayEvidence): StateResult {
  const base = judgeState(due, [[AFTER_RECOVERY, evidence]]);
  const leaves = [...evidence.captures.keys()];
  const recoveries = recoveriesIn(evidence.said);
  const captures = [...evidence.captures.values()];
  const rounds = recoveries.map((recovery) => toldIn(recovery, captures));
  const named = (which: (recovery: Recovery, told: readonly Told[]) => boolean): string => {
    const ports = recoveries.flatMap((recovery, at) => (which(recovery, rounds[at] ?? []) ? [recovery.hostPort] : []));
    return [...new Set(ports)]
      .map((port) => {
        const [times, all] = [ports, recoveries.map(({ hostPort }) => hostPort)].map(
          (list) => list.filter((one) => one === port).length,
        );
        return `${port} (${times ?? 0} of ${all ?? 0} times)`;
      })
      .join(' and ');
  };
  const silent = named((_recovery, told) => isSilent(told));
  const early = named(isEarly);
  const whole = recoveries.flatMap((recovery, at) => {
    const told = rounds[at] ?? [];
    return isSilent(told) || isEarly(recovery, told) ? [] : [told];
  });
  const isLeftOut = due === 'replicated' && whole.length > 0 && whole.length < rounds.length;
  const counted = isLeftOut ? whole : rounds;
  const judged = cellsOf(due, counted, leaves);
  // Captures that do not count are no proof of what is missing in them.
  const isOpen = base.verdict !== 'pass' && base.verdict !== 'fail';
  const cells = Object.fromEntries(
    Object.entries(judged).map(([name, cell]) => [name, isOpen ? { ...cell, verdict: base.verdict } : cell]),
  );
  const wrong = Object.entries(cells).filter(([, { verdict }]) => verdict === 'fail');
  return {
    verdict: worstOf([
      base.verdict,
      ...Object.values(cells).map(({ verdict }) => verdict),
      ...(isLeftOut ? ['inconclusive' as const] : []),
    ]),
    reasons: [
      ...base.reasons,
      ...wrong.map(
        ([name, cell]) =>
          `Announcements when a port is back, ${name}: ${due === 'replicated' ? `${cell.sent} ${cell.duty === 'single' ? 'are due on one leaf each' : 'are due on each leaf'}` : 'none is due'}; ${Object.entries(
            cell.leaves,
          )
            .map(([leaf, count]) => `${count} on ${leaf}`)
            .join(', ')}.`,
      ),
      ...(isLeftOut && silent !== ''
        ? [
            `Announcements when a port is back: none at all for ${silent}: this kernel may leave them out where the lock of links is taken.`,
          ]
        : []),
      ...(isLeftOut && early !== ''
        ? [
            `Announcements when a port is back: those for ${early} came out of the other ports alone: this kernel may make them before it uses that port again.`,
          ]
        : []),
    ],
    cells: { ...base.cells, [ANNOUNCEMENTS.id]: cells },
  };
}

/** One result of two parts of a trial. */
export function together(one: StateResult, other: StateResult): StateResult {
  return {
    verdict: worstOf([one.verdict, other.verdict]),
    reasons: [...one.reasons, ...other.reasons],
    cells: { ...one.cells, ...other.cells },
  };
}
