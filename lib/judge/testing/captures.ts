import type { HopsLess } from '../captures/alike.js';
import { createLocalFeed } from '../captures/feed.js';
import type { CaptureJudgement, CaptureOptions } from '../captures/captureOptions.js';
import { judgeFeeds } from '../captures/judgeFeeds.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import { buildFrame } from '../../wire/build.js';
import { withTags } from '../../wire/ethernet.js';
import type { KindId } from '../../wire/kinds.js';
import type { VlanTag } from '../../wire/frame.js';
import { macNumber } from '../read/macs.js';

/** ns after the common start. */
export type Time = number;

export interface FrameOptions {
  /** Last byte of the sender's MAC; 10 unless said otherwise. */
  readonly host?: number;
  readonly variation?: number;
  readonly tags?: readonly VlanTag[];
}

export const HOST = '02:00:00:00:01:0a';
export const GATEWAY = '02:00:00:0f:00:01';
export const US = 1_000;
export const MS = 1_000_000;
export const SECOND = 1_000_000_000;
const START_SECONDS = 1_760_000_000;

/** A frame without a token, as a real stack makes it. */
export function plainFrame(kind: KindId, { host = 10, variation = 0, tags = [] }: FrameOptions = {}): Uint8Array {
  const frame = buildFrame(kind, {
    sourceMac: `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`,
    sourceIpv4: `192.0.2.${host}`,
    sourceIpv6: `2001:db8:a::${host.toString(16)}`,
    gatewayMac: GATEWAY,
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8:a::1',
    variation,
    salt: 0,
    id: 0,
  });
  // Data keeps its token as payload; all others lose the trailer that holds it.
  return withTags(
    kind.startsWith('data-') || kind.startsWith('near-miss') ? frame : frame.slice(0, frame.length - 12),
    tags,
  );
}

/** A frame that a leaf sends towards the host. */
export function leafFrame(kind: KindId, variation = 0): Uint8Array {
  return buildFrame(kind, {
    sourceMac: GATEWAY,
    sourceIpv4: '192.0.2.1',
    sourceIpv6: '2001:db8:a::1',
    gatewayMac: HOST,
    gatewayIpv4: '192.0.2.10',
    gatewayIpv6: '2001:db8:a::a',
    variation,
    salt: 0,
    id: 7,
  });
}

/** Captures made by hand, each with its own clock. */
export interface MadeCaptures {
  /** One frame on one leaf, at a true time. */
  see(leaf: number, at: Time, frame: Uint8Array): void;
  /** On all leaves, 20 us apart. */
  all(at: Time, frame: Uint8Array): void;
  /** LLDP on every leaf at the start and the end, so that the captures are alive between them. */
  alive(from: Time, to: Time): void;
  /** `clocks`: what a leaf's clock shows at a true time. */
  files(clocks?: readonly ((at: Time) => Time)[]): Uint8Array[];
}

export function makeCaptures(leaves = 2): MadeCaptures {
  const seen = Array.from({ length: leaves }, (): { at: Time; frame: Uint8Array }[] => []);
  const made: MadeCaptures = {
    see: (leaf, at, frame) => void seen[leaf]?.push({ at, frame }),
    all: (at, frame) =>
      seen.forEach((_, leaf) => {
        made.see(leaf, at + leaf * 20 * US, frame);
      }),
    alive(from, to) {
      for (const at of [from, to])
        seen.forEach((_, leaf) => {
          made.see(leaf, at, plainFrame('lldp', { host: 99 }));
        });
    },
    files: (clocks = []) =>
      seen.map((frames, leaf) => {
        const own = clocks[leaf] ?? ((at: Time) => at);
        const records = frames
          .map(({ at, frame }, i) => ({ ns: Math.round(own(at)), frame, i }))
          .sort((a, b) => a.ns - b.ns || a.i - b.i);
        return Buffer.concat([
          pcapHeader(LINK_TYPE.ethernet),
          ...records.map(({ ns, frame }) => {
            const seconds = Math.floor(ns / SECOND);
            return pcapRecord({ seconds: START_SECONDS + seconds, nanos: ns - seconds * SECOND, frame });
          }),
        ]);
      }),
  };
  return made;
}

export interface JudgeFilesOptions extends Partial<CaptureOptions> {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  /** Bytes that are handed over at a time. */
  readonly chunk?: number;
}

export function judgeFiles(
  files: readonly Uint8Array[],
  { hosts = [HOST], gateways = [], chunk = 1 << 20, ...options }: JudgeFilesOptions = {},
): CaptureJudgement {
  const interest = {
    hosts: hosts.map(macNumber),
    isAuto: options.isAuto ?? false,
    leaves: gateways.map(macNumber),
    isTagless: options.isTagless ?? options.normal?.isTagless ?? false,
  };
  return judgeFeeds(
    files.map((bytes, i) => ({
      name: `leaf-${String.fromCharCode(97 + i)}`,
      file: `${String.fromCharCode(65 + i)}.pcap`,
      feed: createLocalFeed(chunksOf(bytes, chunk), { ...interest, ...hopsOf(options, i) }),
    })),
    { profile: DEFAULT_PROFILE, names: new Map(), isAuto: false, isSharedClock: false, search: null, ...options },
  );
}

function hopsOf({ normal }: JudgeFilesOptions, leaf: number): { readonly hopsLess?: HopsLess } {
  const hopsLess = normal?.hops[leaf];
  return hopsLess === undefined ? {} : { hopsLess };
}

/** As captures in files are judged: again, where they must be read otherwise. */
export function judgeFilesTwice(files: readonly Uint8Array[], options: JudgeFilesOptions = {}): CaptureJudgement {
  const first = judgeFiles(files, options);
  return first.normal === null ? first : judgeFiles(files, { ...options, normal: first.normal });
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
