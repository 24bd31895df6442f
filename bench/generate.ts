import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dice } from '../lib/dice.js';
import { pcapHeader } from '../lib/pcap/write.js';
import { buildFrame } from '../lib/wire/build.js';
import type { KindId } from '../lib/wire/kinds.js';

/**
 * Captures as a busy rack makes them: half neighbor frames, on every leaf; half data, on one leaf each. Same options,
 * same bytes.
 */
export interface GenerateOptions {
  readonly folder: string;
  readonly leaves: number;
  /** Frames in each capture. */
  readonly frames: number;
  readonly seed: number;
  readonly hosts: number;
  /** Frames per second in each capture. */
  readonly rate: number;
}

export interface Generated {
  readonly files: readonly string[];
  readonly hosts: readonly string[];
}

const SNAP = 256;
const OPEN_SECONDS = 1_760_000_000;
const BUFFER = 1 << 22;
const NEIGHBORS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'arp-request-unicast',
  'garp-request',
  'ns-multicast',
  'ns-unicast',
  'na-solicited',
  'na-unsolicited',
];
const DATA: readonly KindId[] = ['data-tcp', 'data-tcp', 'data-udp', 'data-echo', 'data-echo6'];
/** Frame lengths of data on the wire, bytes; a length that is listed more often is used more often. */
const LENGTHS = [66, 66, 66, 128, 256, 600, 1_514, 1_514];

/** Clock of each leaf against the first one: seconds ahead and drift. */
export function clockOf(leaf: number): { readonly offsetNs: number; readonly driftPpm: number } {
  return leaf === 0
    ? { offsetNs: 0, driftPpm: 0 }
    : { offsetNs: 110_000_000 * leaf * (leaf % 2 === 0 ? -1 : 1), driftPpm: (leaf % 5) * 7 - 13 };
}

/** Writes `leaf-0.pcap` ...; nanosecond pcap, snap length 256. */
export function generateCaptures(options: GenerateOptions): Generated {
  const random = dice(options.seed);
  const hosts = Array.from({ length: options.hosts }, (_, i) => `02:00:00:00:${hex(1 + (i >> 8))}:${hex(i & 255)}`);
  const neighbors = hosts.map((mac, i) => NEIGHBORS.map((kind) => template(kind, mac, i)));
  const data = hosts.map((mac, i) => DATA.map((kind) => template(kind, mac, i)));
  const files = Array.from({ length: options.leaves }, (_, i) => join(options.folder, `leaf-${i}.pcap`));
  const writers = files.map((file, leaf) => createWriter(file, leaf));
  const gap = 1e9 / options.rate;
  const plainAt = new Float64Array(hosts.length * NEIGHBORS.length).fill(-Infinity);
  const turns = new Int32Array(hosts.length * NEIGHBORS.length);
  const half = Math.floor(options.frames / 2);
  for (let i = 0; i < options.frames - half; i++) {
    const at = i * 2 * gap;
    const host = Math.floor(random() * hosts.length);
    const form = Math.floor(random() * NEIGHBORS.length);
    const frame = neighbors[host]?.[form];
    if (frame === undefined) continue;
    // One in four is a repeat of the host's plain form, but not within a second; the others ask for, or announce, one
    // address after the other.
    const which = host * NEIGHBORS.length + form;
    const isRepeat = random() < 0.25 && at - (plainAt[which] ?? 0) > 1e9;
    if (isRepeat) plainAt[which] = at;
    else turns[which] = ((turns[which] ?? 0) % 0xffff) + 1;
    vary(frame, form < 4, isRepeat ? 0 : (turns[which] ?? 0));
    for (const writer of writers) writer.write(at + random() * gap * 0.5, frame, frame.length);
    if (i >= half) continue;
    for (const writer of writers) {
      const from = Math.floor(random() * hosts.length);
      const kind = Math.floor(random() * DATA.length);
      const packet = data[from]?.[kind];
      if (packet === undefined) continue;
      // IPv4 identification, and a sequence number or another field that differs as much.
      if (DATA[kind] !== 'data-echo6') put16(packet, 18, Math.floor(random() * 0x10000));
      put16(packet, 40, Math.floor(random() * 0x10000));
      put16(packet, 60, Math.floor(random() * 0x10000));
      const original = LENGTHS[Math.floor(random() * LENGTHS.length)] ?? 66;
      writer.write(at + gap + random() * gap * 0.5, packet.subarray(0, Math.min(original, SNAP)), original);
    }
  }
  for (const writer of writers) writer.close();
  return { files, hosts };
}

/** A frame of the kind without a token, of host number `i`. */
export function template(kind: KindId, mac: string, i: number): Uint8Array {
  const frame = buildFrame(kind, {
    sourceMac: mac,
    sourceIpv4: `192.0.2.${1 + (i % 250)}`,
    sourceIpv6: `2001:db8::${(i + 1).toString(16)}`,
    gatewayMac: '02:00:00:0f:00:01',
    gatewayIpv4: '192.0.2.254',
    gatewayIpv6: '2001:db8::ffff',
    variation: 0,
    salt: 1,
    id: i,
    payloadBytes: kind.startsWith('data-') ? 300 : 0,
  });
  // Without the token: 42 bytes of ARP, padded to 60; ND as long as it is.
  if (kind.startsWith('data-')) return frame.slice(0, SNAP);
  return frame.slice(0, Math.max(60, frame.length - 12)).fill(0, NEIGHBORS.indexOf(kind) < 4 ? 42 : frame.length - 12);
}

/** Last two bytes of the target: the address that is asked for, or announced. */
export function vary(frame: Uint8Array, isArp: boolean, value: number): void {
  put16(frame, isArp ? 40 : 76, value);
}

interface Writer {
  write(ns: number, frame: Uint8Array, original: number): void;
  close(): void;
}

function createWriter(file: string, leaf: number): Writer {
  const descriptor = openSync(file, 'w');
  const buffer = Buffer.alloc(BUFFER);
  const clock = clockOf(leaf);
  const header = pcapHeader(1, SNAP);
  buffer.set(header);
  let at = header.length;
  const flush = (): void => {
    let done = 0;
    while (done < at) done += writeSync(descriptor, buffer, done, at - done);
    at = 0;
  };
  return {
    write(ns, frame, original) {
      if (at + 16 + frame.length > BUFFER) flush();
      const own = Math.floor(ns * (1 + clock.driftPpm / 1e6) + clock.offsetNs + 60e9);
      const seconds = Math.floor(own / 1e9);
      buffer.writeUInt32LE(OPEN_SECONDS + seconds, at);
      buffer.writeUInt32LE(own - seconds * 1e9, at + 4);
      buffer.writeUInt32LE(frame.length, at + 8);
      buffer.writeUInt32LE(Math.max(original, frame.length), at + 12);
      buffer.set(frame, at + 16);
      at += 16 + frame.length;
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
