import { kindCode, type Classification } from '../../wire/classify.js';
import { BARE_ACK, NUMBERED } from './columns.js';

const DATA_TCP = kindCode('data-tcp');
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;
const TCP_HEADER = 20;
/** Of the flags of TCP, without those of ECN. */
const FLAGS = 0x3f;
const ACK = 0x10;

/** Whether a host's packet has a number, or is one that hosts say several times: NUMBERED, BARE_ACK or 0. */
export function sortOfData(view: DataView, { kind, etherType, bodyStart: at, bodyLength }: Classification): number {
  let header: number;
  let total: number;
  if (etherType === IPV4 && bodyLength >= 20) {
    if (view.getUint16(at + 4) !== 0) return NUMBERED;
    header = (view.getUint8(at) & 0x0f) << 2;
    total = view.getUint16(at + 2);
  } else if (etherType === IPV6 && bodyLength >= 40 && view.getUint8(at + 6) === TCP) {
    header = 40;
    total = 40 + view.getUint16(at + 4);
  } else return 0;
  return kind === DATA_TCP && isBareAck(view, at + header, bodyLength - header, total - header) ? BARE_ACK : 0;
}

/** `held`: bytes from `at` on that were captured; `length`: those that the IP header tells. */
function isBareAck(view: DataView, at: number, held: number, length: number): boolean {
  return (
    held >= TCP_HEADER && (view.getUint8(at + 13) & FLAGS) === ACK && (view.getUint8(at + 12) >> 4) << 2 === length
  );
}
