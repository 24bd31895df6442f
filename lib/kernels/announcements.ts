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

/**
 * How often all ports are shut and opened at most, where chance leaves a port without a recovery that can be judged: of 18 recoveries of
 * 6.17.13 8 were early, so that eight of one port are early once in 700 trials.
 */
const MOST_ROUNDS = 4;

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

/** Recoveries of all rounds, each with what was told in it. */
function recoveriesOf(rounds: readonly WayEvidence[]): readonly (readonly [Recovery, readonly Told[]])[] {
  return rounds.flatMap(({ said, captures }) => {
    const bytes = [...captures.values()];
    return recoveriesIn(said).map((recovery) => [recovery, toldIn(recovery, bytes)] as const);
  });
}

const isWhole = ([recovery, told]: readonly [Recovery, readonly Told[]]): boolean =>
  !isSilent(told) && !isEarly(recovery, told);

/** Ports of which no recovery can be judged: at each, all was left out or was early. */
function portsWithout(recoveries: readonly (readonly [Recovery, readonly Told[]])[]): readonly string[] {
  return WORLD.legs
    .map(({ hostPort }) => hostPort)
    .filter((port) => !recoveries.some((one) => one[0].hostPort === port && isWhole(one)));
}

/** Whether one more round could tell more: chance alone may have decided so far. Of a bond that owes nothing it cannot. */
export function isByChance(due: Due, rounds: readonly WayEvidence[]): boolean {
  return due === 'replicated' && rounds.length < MOST_ROUNDS && portsWithout(recoveriesOf(rounds)).length > 0;
}

/**
 * Judges what became of the bond and its announcements when each port was shut and came back. With the option on each
 * address of the bond and of its VLAN devices is announced once on every leaf (ARP, and an unsolicited NA), where a bond
 * without it announces nothing: Linux, bonding.rst, num_grat_arp.
 *
 * Whether a kernel of 6.17 makes them before or after the bond uses the port again is chance: both are works of one queue, and
 * that of the ports is put off for as long as the lock of links is taken (bond_main.c, bond_mii_monitor, bond_slave_arr_handler). What is made before is due
 * on the other legs alone, as any frame of that moment is: it is told, and judged is what comes in time. A port at which nothing ever does fails.
 *
 * The same kernel leaves all of them out where it finds the lock taken (bond_3ad.c, ad_cond_set_peer_notif): where that was so for some
 * recoveries, nothing is concluded.
 *
 * The two states owe different things of each address, so that no captures of announcements can pass as both.
 */
export function judgeRecovery(due: Due, rounds: readonly WayEvidence[]): StateResult {
  const bases = rounds.map((evidence) => judgeState(due, [[AFTER_RECOVERY, evidence]]));
  const verdict = worstOf(bases.map((base) => base.verdict));
  const base = bases.find((one) => one.verdict === verdict);
  const leaves = [...(rounds[0]?.captures.keys() ?? [])];
  const recoveries = recoveriesOf(rounds);
  const whole = recoveries.filter(isWhole);
  const isLeftOut = due === 'replicated' && whole.length > 0 && whole.length < recoveries.length;
  const judged = cellsOf(
    due,
    (isLeftOut ? whole : recoveries).map(([, told]) => told),
    leaves,
  );
  // Captures that do not count are no proof of what is missing in them.
  const isOpen = verdict !== 'pass' && verdict !== 'fail';
  const cells = Object.fromEntries(
    Object.entries(judged).map(([name, cell]) => [name, isOpen ? { ...cell, verdict } : cell]),
  );
  const wrong = Object.entries(cells).filter(([, cell]) => cell.verdict === 'fail');
  const never = isLeftOut && !isOpen ? portsWithout(recoveries) : [];
  const silent = isLeftOut ? recoveries.filter(([, told]) => isSilent(told)) : [];
  const early = isLeftOut ? recoveries.filter((one) => isEarly(...one)) : [];
  return {
    verdict: worstOf([
      verdict,
      ...Object.values(cells).map((cell) => cell.verdict),
      ...never.map(() => 'fail' as const),
      ...silent.map(() => 'inconclusive' as const),
    ]),
    reasons: [
      ...bases.flatMap(({ reasons }) => reasons),
      ...wrong.map(
        ([name, cell]) =>
          `Announcements when a port is back, ${name}: ${due === 'replicated' ? `${cell.sent} ${cell.duty === 'single' ? 'are due on one leaf each' : 'are due on each leaf'}` : 'none is due'}; ${Object.entries(
            cell.leaves,
          )
            .map(([leaf, count]) => `${count} on ${leaf}`)
            .join(', ')}.`,
      ),
      ...never.map(
        (port) =>
          `Announcements when a port is back: in ${recoveries.filter(([{ hostPort }]) => hostPort === port).length} times none came out of ${port} after it was back.`,
      ),
      ...(silent.length === 0
        ? []
        : [
            `Announcements when a port is back: none at all for ${portsOf(silent, recoveries)}: this kernel may leave them out where the lock of links is taken.`,
          ]),
    ],
    ...(early.length === 0
      ? {}
      : {
          notes: [
            `Announcements when a port is back: those for ${portsOf(early, recoveries)} came out of the other ports alone: this kernel may make them before it uses that port again. The leaf behind it hears of the host only when the host speaks next.`,
          ],
        }),
    cells: { ...base?.cells, [ANNOUNCEMENTS.id]: cells },
  };
}

/** `up-a (1 of 2 times) and up-b (2 of 2 times)` */
function portsOf(
  some: readonly (readonly [Recovery, unknown])[],
  all: readonly (readonly [Recovery, unknown])[],
): string {
  const times = (list: typeof all, port: string): number => list.filter(([{ hostPort }]) => hostPort === port).length;
  return [...new Set(some.map(([{ hostPort }]) => hostPort))]
    .map((port) => `${port} (${times(some, port)} of ${times(all, port)} times)`)
    .join(' and ');
}

/** One result of two parts of a trial. */
export function together(one: StateResult, other: StateResult): StateResult {
  const notes = [...(one.notes ?? []), ...(other.notes ?? [])];
  return {
    verdict: worstOf([one.verdict, other.verdict]),
    reasons: [...one.reasons, ...other.reasons],
    ...(notes.length === 0 ? {} : { notes }),
    cells: { ...one.cells, ...other.cells },
  };
}
