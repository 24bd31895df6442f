import { formatIpv4, formatIpv6 } from '../../wire/address.js';
import { fromHex } from '../../wire/bytes.js';
import { ENCAPSULATIONS } from '../../wire/encapsulation.js';
import type { MirrorSession } from './mirrors.js';

// Apart from what reads captures: the threads that do so need not load how addresses are written.

/** An IPv4 or IPv6 address as people write it, of its bytes as hex. */
export function addressText(bytes: string): string {
  const address = fromHex(bytes);
  return address.length === 4 ? formatIpv4(address) : formatIpv6(address);
}

/** `ERSPAN II session 12 from 192.0.2.1` */
export function sessionText({ type, id, source }: Pick<MirrorSession, 'type' | 'id' | 'source'>): string {
  const { name, isMirror } = ENCAPSULATIONS[type] ?? ENCAPSULATIONS[0];
  const number = id < 0 ? '' : ` ${isMirror ? 'session' : name === 'GRE' ? 'key' : 'VNI'} ${id}`;
  return `${name}${number} from ${addressText(source)}`;
}
