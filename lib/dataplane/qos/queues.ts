import type { AuditFact } from '../../evidence/types.js';
import type { Queued } from '../plane.js';

/** Of each uplink, in bits per second: far below what data can fill, and above what every scenario needs. */
const RATE_MBIT = 4;
const RATE = `${RATE_MBIT}mbit`;
/** What control frames get at least, also while data would take all. */
const RESERVED = '2mbit';
const REST = '2mbit';

/** Bytes of data that may leave at once: what a scenario sends in one go is not limited. */
const BURST = '15k';
/**
 * The same of control frames: some hundred of the greatest. Open vSwitch's userspace datapath has one send buffer for all
 * ports (net.core.wmem_default); if they waited here, they would fill it, and frames to every port would be lost.
 */
const CONTROL_BURST = '512k';

/** Frames of data that wait at most. */
const LIMIT = 50;
/** Bytes of a full one. */
const FULL = 1_414;
/** How long, ms, data leaves when no more comes. */
const LASTS_MS = Math.floor((LIMIT * FULL * 8) / (RATE_MBIT * 1_000));

/** The class of all that nobody has put into another one. */
export const DATA_CLASS = '1:10';
/** The class of what must not wait behind data. */
export const CONTROL_CLASS = '1:20';

/** Lines of `tc -batch`: two classes on a port, and a queue for each. */
export function queueLines(port: string): readonly string[] {
  const classed = (id: string, rate: string, burst: string, prio: number) =>
    `class add dev ${port} parent 1:1 classid ${id} htb rate ${rate} ceil ${RATE} burst ${burst} cburst ${burst} prio ${prio}`;
  return [
    `qdisc add dev ${port} root handle 1: htb default 10`,
    `class add dev ${port} parent 1: classid 1:1 htb rate ${RATE} burst ${BURST} cburst ${BURST}`,
    classed(DATA_CLASS, REST, BURST, 1),
    classed(CONTROL_CLASS, RESERVED, CONTROL_BURST, 0),
    `qdisc add dev ${port} parent ${DATA_CLASS} pfifo limit ${LIMIT}`,
    `qdisc add dev ${port} parent ${CONTROL_CLASS} pfifo limit 1000`,
  ];
}

/**
 * A script of nft(8): what is LACP is in the class of control frames. Without it, a full queue holds LACPDUs, too, and
 * the bond loses the leg.
 */
export function lacpScript(ports: readonly string[], priority: string): string {
  const chains = ports.map(
    (port, index) =>
      ` chain leg${index} { type filter hook egress device "${port}" priority 50; @ll,96,16 0x8809 meta priority set ${priority}; }`,
  );
  return ['table netdev everyleaf_qos {', ...chains, '}', ''].join('\n');
}

/** What `tc -s -j qdisc show dev PORT` says of one queue (tc(8)). */
interface Queue {
  readonly kind: string;
  readonly parent?: string;
  /** Frames that wait. */
  readonly qlen?: number;
  /** Frames that were refused. */
  readonly drops?: number;
  readonly options?: { readonly limit?: number };
}

const dataQueue = (text: string): Queue | undefined =>
  (text.trim() === '' ? [] : (JSON.parse(text) as readonly Queue[])).find(({ parent }) => parent === DATA_CLASS);

/** The frames that wait in the queue of data, which may be longer than the lab made it. */
export function queuedIn(text: string): Queued {
  const queue = dataQueue(text);
  return { frames: queue?.qlen ?? 0, room: LIMIT, refused: queue?.drops ?? 0, lastsMs: LASTS_MS };
}

/** P15: an uplink has a queue that data can fill. How long it is may be the replicator's affair, and is told. */
export function queueFact(text: string, port: string): AuditFact {
  const queue = dataQueue(text);
  const limit = queue?.options?.limit;
  return {
    name: `queue of ${port}`,
    ok: queue?.kind === 'pfifo',
    value: queue === undefined ? 'none' : `${queue.kind}, ${limit ?? 'unknown'} frames`,
    command: `tc -s -j qdisc show dev ${port}`,
  };
}
