import { padded, u16, u32, u8 } from './bytes.js';

/** Fields of a frame, and where it came from, by their numbers. Source: OpenFlow 1.4.1, 7.2.3.7. */
const FIELD = { inPort: 0, ethDst: 3, ethType: 5, vlanVid: 6, ipProto: 10, icmpv6Type: 29 } as const;
type Field = keyof typeof FIELD;

const OXM_CLASS = 0x8000;
const OXM_MATCH = 1;

/** OFPVID_PRESENT: there is a tag. */
const VID_PRESENT = 0x1000;
/** The bits of a VLAN id, and that one. */
const VID_BITS = 0x1fff;

const ETHERTYPE = { arp: 0x0806, ipv6: 0x86dd };
const ICMPV6 = 58;

/** Ports with a meaning of their own. Source: OpenFlow 1.4.1, 7.2.1. */
const PORTS: Readonly<Record<string, number>> = { LOCAL: 0xfffffffe, NORMAL: 0xfffffffa };

/** A port as a flow spells it: its number, or a name. Throws RangeError for others. */
export function portOf(text: string): number {
  return PORTS[text] ?? numberOf(text);
}

/** A number as a flow spells it. Throws RangeError where it is none. */
export function numberOf(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 0) throw new RangeError(`"${text}" is no number of OpenFlow`);
  return value;
}

function macOf(text: string): Buffer {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw new RangeError(`"${text}" is no MAC`);
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

/** One field with its value, and the bits that count where not all do. Source: OpenFlow 1.4.1, 7.2.3.2. */
function oxm(field: Field, value: Buffer, mask?: Buffer): Buffer {
  const bytes = mask === undefined ? value : Buffer.concat([value, mask]);
  return Buffer.concat([
    u16(OXM_CLASS),
    u8((FIELD[field] << 1) | (mask === undefined ? 0 : 1)),
    u8(bytes.length),
    bytes,
  ]);
}

/** The value of the field that has the VLAN, as `set_field` needs it. */
export const vlanVid = (value: number): Buffer => oxm('vlanVid', u16(value));

const ethType = (value: number): Readonly<Partial<Record<Field, Buffer>>> => ({ ethType: oxm('ethType', u16(value)) });

/** What each word of a match says, of those that the recipe uses. Source: ovs-fields(7). */
const WORDS: Readonly<Record<string, (value: string) => Readonly<Partial<Record<Field, Buffer>>>>> = {
  in_port: (value) => ({ inPort: oxm('inPort', u32(portOf(value))) }),
  dl_dst(value) {
    const [mac = '', mask] = value.split('/');
    return { ethDst: oxm('ethDst', macOf(mac), mask === undefined ? undefined : macOf(mask)) };
  },
  dl_vlan: (value) => ({ vlanVid: vlanVid(VID_PRESENT | numberOf(value)) }),
  // Of the tag that it names OpenFlow knows the VLAN and whether it is there; the recipe asks for nothing else.
  vlan_tci(value) {
    const [tci = '', mask = ''] = value.split('/');
    const bits = numberOf(mask);
    if ((bits & ~VID_BITS) !== 0) throw new RangeError(`"vlan_tci=${value}" asks for more than the VLAN`);
    const wanted = numberOf(tci) & VID_BITS;
    return { vlanVid: bits === VID_BITS ? vlanVid(wanted) : oxm('vlanVid', u16(wanted), u16(bits)) };
  },
  arp: () => ethType(ETHERTYPE.arp),
  icmp6: () => ({ ...ethType(ETHERTYPE.ipv6), ipProto: oxm('ipProto', u8(ICMPV6)) }),
  icmp_type: (value) => ({ icmpv6Type: oxm('icmpv6Type', u8(numberOf(value))) }),
};

/**
 * A match from the words of a flow, each `name` or `name=value`. Fields are in the order of their numbers, in which
 * each comes after those that it requires. Throws RangeError for a word that is not known here: a match without it would be
 * too broad.
 */
export function match(words: readonly string[]): Buffer {
  const fields: Partial<Record<Field, Buffer>> = {};
  for (const word of words) {
    const [name = '', ...value] = word.split('=');
    const say = WORDS[name];
    if (say === undefined) throw new RangeError(`"${word}" is no match that can be said here`);
    Object.assign(fields, say(value.join('=')));
  }
  const order = Object.keys(FIELD) as Field[];
  const body = Buffer.concat(order.flatMap((field) => fields[field] ?? []));
  // The length is that without padding (OpenFlow 1.4.1, 7.2.3.1).
  return padded(Buffer.concat([u16(OXM_MATCH), u16(4 + body.length), body]));
}
