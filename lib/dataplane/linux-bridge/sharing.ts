import { tableOf } from '../../lab/nftTable.js';
import type { BridgePort } from './ports.js';
import type { Variant } from './traits.js';

/** The legs that send. */
export interface Sharing {
  /** Ports of legs, in the order of the topology: those with carrier. */
  readonly live: readonly string[];
  /** The one leg that sends everything; null where each has its share, or none is live. */
  readonly active: string | null;
}

/**
 * The legs that send now. A leg in use stays in use while it can: no frame changes its path because a leg comes back.
 */
export function sharingOf(variant: Variant, live: readonly string[], before: string | null): Sharing {
  if (variant === 'per-mac') return { live, active: null };
  return { live, active: before !== null && live.includes(before) ? before : (live[0] ?? null) };
}

/**
 * How a leg's port is to be set. Learning on more than one would move a gateway that all leaves share from leg to
 * leg, with each of their frames. Isolated: what comes in on one leg never leaves on another.
 */
function settingsOf({ active }: Sharing, port: string): Readonly<Record<Setting, boolean>> {
  return { learning: port === active, isolated: true };
}

type Setting = 'learning' | 'isolated';

/**
 * `ip -batch` lines for all legs. Where a port stops learning, its entries are flushed: otherwise frames to a gateway
 * that was learned there would still go to that leg, which drops them.
 */
export function sharingLines(sharing: Sharing, legs: readonly string[]): readonly string[] {
  return legs.map((port) => {
    const words = Object.entries(settingsOf(sharing, port)).map(([name, on]) => `${name} ${on ? 'on' : 'off'}`);
    const { learning } = settingsOf(sharing, port);
    return `link set dev ${port} type bridge_slave ${words.join(' ')}${learning ? '' : ' fdb_flush'}`;
  });
}

/** The settings in which a port differs from what it should be; empty where all is right. */
export function deviations(sharing: Sharing, port: BridgePort): readonly string[] {
  return Object.entries(settingsOf(sharing, port.ifname)).flatMap(([name, on]) =>
    port[name as Setting] === on ? [] : [`${name} is ${on ? 'off' : 'on'}`],
  );
}

/** The table that lets each leg keep its share of what the bridge floods to all. */
export const SHARES = 'everyleaf_shares';

/** Values that the last byte of a MAC can have. */
const LAST_BYTES = Array.from({ length: 256 }, (_, value) => value);

/**
 * The filter of a leg for frames that the bridge floods to all legs. With one leg for everything the others send
 * nothing: not by "bcast_flood off", which lets through what the host's own stack sends (net/bridge/br_forward.c,
 * br_flood). With shares, a leg sends the source MACs whose last byte is the leg's, as in the layer 2 hash of a bond:
 * not by jhash, whose seed differs in each rule.
 */
export function shareRule({ live, active }: Sharing, port: string): string | null {
  if (active !== null) return port === active ? null : `oifname "${port}" drop`;
  const own = LAST_BYTES.filter((value) => value % live.length === live.indexOf(port));
  return live.length === 1 && live.includes(port)
    ? null
    : own.length === 0
      ? `oifname "${port}" drop`
      : `oifname "${port}" @ll,88,8 != { ${own.join(', ')} } drop`;
}

/** A script of nft(8) with those rules, in one transaction. */
export function sharesScript(sharing: Sharing, legs: readonly string[]): string {
  return tableOf('bridge', SHARES, [
    ' chain shares {',
    '  type filter hook postrouting priority 0;',
    ...legs.flatMap((port) => shareRule(sharing, port) ?? []).map((rule) => `  ${rule}`),
    ' }',
  ]);
}
