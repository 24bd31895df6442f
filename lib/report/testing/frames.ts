import { createHash } from 'node:crypto';
import type { KindId, TagForm } from '../../wire/kinds.js';

/** Plausible bytes for the sample run: correct headers for the pictures, but not frames that a switch would accept. */
export function sampleFrame(kind: KindId, mac: string, form: TagForm, id: number): Uint8Array {
  const own = hex(mac.replaceAll(':', ''));
  const gateway = hex('0200000000fe');
  const [destination, rest] = body(kind, own, gateway, id);
  const tags = form === 'untagged' ? new Uint8Array() : hex('8100000a');
  const token = new Uint8Array(createHash('sha256').update(String(id)).digest().subarray(0, 12));
  return join(destination, own, tags, rest, token);
}

function body(kind: KindId, own: Uint8Array, gateway: Uint8Array, id: number): readonly [Uint8Array, Uint8Array] {
  const broadcast = hex('ffffffffffff');
  const ip = hex(`c000020${(10 + (id % 2)).toString(16)}`.slice(0, 8));
  const gatewayIp = hex('c0000201');
  if (kind === 'rarp') return [broadcast, join(hex('8035'), hex('0001080006040003'), own, new Uint8Array(4), own, ip)];
  if (kind.startsWith('arp') || kind.startsWith('garp')) {
    const reply = kind === 'arp-reply-unicast' || kind === 'garp-reply';
    const unicast = kind.endsWith('unicast');
    const sender = kind === 'arp-probe' ? new Uint8Array(4) : ip;
    const target = kind.startsWith('garp') || kind === 'arp-probe' || kind === 'arp-announcement' ? ip : gatewayIp;
    const arp = join(
      hex('0806'),
      hex('00010800060400'),
      Uint8Array.of(reply ? 2 : 1),
      own,
      sender,
      unicast ? gateway : new Uint8Array(6),
      target,
    );
    return [unicast ? gateway : broadcast, arp];
  }
  const type = ND_TYPES[kind];
  if (type !== undefined) {
    const source = kind.startsWith('ns-dad') ? '0'.repeat(32) : '20010db80000000000000000000000aa';
    const unicast = kind.endsWith('unicast') || kind === 'na-solicited';
    const to = unicast ? '20010db8000000000000000000000001' : 'ff0200000000000000000001ff0000aa';
    const payload = join(
      Uint8Array.of(type, 0, 0x12, 0x34),
      hex(kind === 'na-solicited' ? '60000000' : '00000000'),
      hex('20010db80000000000000000000000aa'),
      hex('0101'),
      own,
    );
    const header = join(hex('60000000'), Uint8Array.of(0, payload.length, 58, 255), hex(source), hex(to));
    return [unicast ? gateway : hex('3333ff0000aa'), join(hex('86dd'), header, payload)];
  }
  if (kind === 'lacpdu') return [hex('0180c2000002'), join(hex('88090101'), new Uint8Array(40))];
  const udp = join(
    Uint8Array.of(0x9c, 0x40 + (id % 64), 0x00, 0x07),
    hex('00200000'),
    hex('0806000108000604'),
    new Uint8Array(16),
  );
  const ipv4 = join(hex('45000034000040004011b6b4'), ip, hex('c6336401'));
  return [gateway, join(hex('0800'), ipv4, udp)];
}

const ND_TYPES: Readonly<Partial<Record<KindId, number>>> = {
  'ns-multicast': 135,
  'ns-dad': 135,
  'ns-dad-nonce': 135,
  'ns-unicast': 135,
  'na-solicited': 136,
  'na-unsolicited': 136,
  rs: 133,
  ra: 134,
  'mld-report': 143,
  'data-echo6': 128,
  'ns-ext-header': 135,
};

export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A nanosecond pcap of one leaf; `offsets[i]` is where the record of frame i begins. */
export function samplePcap(frames: readonly { readonly tNs: bigint; readonly bytes: Uint8Array }[]): {
  readonly bytes: Uint8Array;
  readonly offsets: readonly number[];
} {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(256, 16);
  header.writeUInt32LE(1, 20);
  const parts: Buffer[] = [header];
  const offsets: number[] = [];
  let at = header.length;
  for (const { tNs, bytes } of frames) {
    const record = Buffer.alloc(16 + bytes.length);
    record.writeUInt32LE(Number(tNs / 1_000_000_000n), 0);
    record.writeUInt32LE(Number(tNs % 1_000_000_000n), 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    record.set(bytes, 16);
    offsets.push(at);
    at += record.length;
    parts.push(record);
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), offsets };
}
