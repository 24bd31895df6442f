/** A port of a bond, as the kernel tells it; of LACP only in mode 802.3ad, where the numbers are 0 else. */
export interface BondPort {
  readonly name: string;
  /** Carrier, as the bond sees it. */
  readonly isUp: boolean;
  readonly aggregator: number;
  /** State flags of the port itself, as it last sent them (IEEE 802.1AX 6.4.2.3). */
  readonly actor: number;
  /** Those that it last received. */
  readonly partner: number;
  /** LACP system ID that it received. */
  readonly partnerSystem: string;
}

/** A bond of the kernel. */
export interface BondState {
  /** As the kernel calls it: `IEEE 802.3ad Dynamic link aggregation`. */
  readonly mode: string;
  readonly policy: string;
  readonly rate: string;
  /** The port that carries all in active-backup; null in other modes, and where none is up. */
  readonly activePort: string | null;
  /** ID of the aggregator that is used; null where there is none. */
  readonly activeAggregator: number | null;
  readonly ports: readonly BondPort[];
}

const SYNCHRONIZED = 0x08;
const COLLECTING = 0x10;
const DISTRIBUTING = 0x20;
const DEFAULTED = 0x40;
const EXPIRED = 0x80;
/** All flags of a port that collects and distributes, of an active end with fast timeouts. */
const DISTRIBUTES = 63;

function valueIn(text: string, name: string): string {
  const line = text.split('\n').find((one) => one.trim().startsWith(`${name}: `));
  return line?.slice(line.indexOf(': ') + 2).trim() ?? '';
}

/** Reads /proc/net/bonding/BOND (drivers/net/bonding/bond_procfs.c). */
export function readBond(text: string): BondState {
  const [head = '', ...slaves] = text.split(/^Slave Interface: /m);
  const activePort = valueIn(head, 'Currently Active Slave');
  const active = /Active Aggregator Info:\s+Aggregator ID: (\d+)/.exec(head)?.[1];
  return {
    mode: valueIn(head, 'Bonding Mode'),
    policy: valueIn(head, 'Transmit Hash Policy'),
    rate: valueIn(head, 'LACP rate'),
    activePort: activePort === '' || activePort === 'None' ? null : activePort,
    activeAggregator: active === undefined ? null : Number(active),
    ports: slaves.map((slave) => {
      const [own = '', rest = ''] = slave.split('details partner lacp pdu:');
      return {
        name: slave.split('\n')[0]?.trim() ?? '',
        isUp: valueIn(own, 'MII Status') === 'up',
        aggregator: Number(valueIn(own, 'Aggregator ID')),
        actor: Number(valueIn(own, 'port state')),
        partner: Number(valueIn(rest, 'port state')),
        partnerSystem: valueIn(rest, 'system mac address'),
      };
    }),
  };
}

/** Whether a bond of any mode may send on a port: of active-backup also on the one that waits. */
export function mayCarry(state: BondState, port: BondPort, lacp: boolean): boolean {
  return lacp ? carries(state, port) : port.isUp;
}

/**
 * Whether a bond with LACP sends and receives on a port. The number of ports of its aggregator is no sign of that: it stays for
 * some 3 s when LACP is silent.
 */
export function carries({ activeAggregator }: Pick<BondState, 'activeAggregator'>, port: BondPort): boolean {
  const both = COLLECTING | DISTRIBUTING;
  return port.isUp && port.aggregator === activeAggregator && (port.actor & both) === both;
}

/**
 * Whether both ends of a port agree and carry frames. The partner need not say that its link can be aggregated: Open
 * vSwitch with one port does not (state 59).
 */
export function distributes({ actor, partner }: Pick<BondPort, 'actor' | 'partner'>): boolean {
  const carried = SYNCHRONIZED | COLLECTING | DISTRIBUTING;
  const isTrusted = (partner & (DEFAULTED | EXPIRED)) === 0;
  return actor === DISTRIBUTES && (partner & carried) === carried && isTrusted;
}

/** State of the port's receive machine (IEEE 802.1AX 6.4.12), as far as its flags tell it. */
export function lacpOf({ actor }: Pick<BondPort, 'actor'>): 'current' | 'expired' | 'defaulted' {
  if ((actor & EXPIRED) !== 0) return 'expired';
  return (actor & DEFAULTED) !== 0 ? 'defaulted' : 'current';
}
