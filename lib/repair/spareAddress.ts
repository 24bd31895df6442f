import type { Binding } from '../binding/schema.js';
import { formatIpv6, parseIpv6 } from '../wire/address.js';

/** An address of nobody that a leaf has for a while, as its machine writes it. */
export interface SpareAddress {
  readonly machine: string;
  readonly leaf: string;
  readonly port: string;
  readonly address: string;
  /** With the length of its prefix: the address alone, so that no route comes or goes with it. */
  readonly cidr: string;
}

/** Spare addresses of all leaves. */
export function spareAddresses({ leaves }: Pick<Binding, 'leaves'>): readonly SpareAddress[] {
  return Object.entries(leaves).flatMap(([leaf, { machine, gateway }]) => {
    const { ipv4, ipv6 } = gateway?.spare ?? {};
    const port = gateway?.interface ?? '';
    const of = (address: string, prefix: number): SpareAddress => ({
      ...{ machine, leaf, port, address },
      cidr: `${address}/${prefix}`,
    });
    return [
      ...(ipv4 === undefined ? [] : [of(ipv4, 32)]),
      ...(ipv6 === undefined ? [] : [of(formatIpv6(parseIpv6(ipv6)), 128)]),
    ];
  });
}

/** Takes it away. An interface may have lost it already. */
export const removal = ({ cidr, port }: SpareAddress): readonly string[] => ['ip', 'addr', 'del', cidr, 'dev', port];

/** Ends with 0 when an interface has it no more: `$1` address with prefix, `$2` interface. */
export const IS_REMOVED = '! ip -o addr show dev "$2" 2>/dev/null | grep -qF " $1 "';
