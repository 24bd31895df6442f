import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { judgeFeeds, type CaptureJudgement } from '../judge/captures/judgeFeeds.js';
import type { Seen } from '../judge/captures/contentTally.js';
import type { Interest } from '../judge/captures/recorder.js';
import { macNumber } from '../judge/read/macs.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import { losesTags } from './losesTags.js';
import { canReadZstd, packingOf } from './packing.js';
import { searchSamples } from './searchSamples.js';
import { createWorkerFeeds } from './workerFeed.js';

/** A capture as the person names it: `leaf-a=A.pcap`, `A.pcap`, or `leaf-a=-` for standard input. */
export interface CaptureFile {
  readonly leaf: string;
  /** Path, or `-`. */
  readonly file: string;
}

export interface JudgeCapturesOptions {
  readonly profile: Profile;
  /** Name by MAC, lower case; a host without a name has its MAC as name. */
  readonly hosts: ReadonlyMap<string, string>;
  /** MACs of hosts that must have been heard for a pass. */
  readonly asked?: readonly string[];
  readonly isAuto: boolean;
  /** MACs of leaves and gateways, for captures of received frames only. */
  readonly gateways: readonly string[];
  readonly isSharedClock: boolean;
  readonly onSettled?: (seen: Seen) => void;
}

/** Most captures at a time: each has a thread and a ring. */
export const MOST_CAPTURES = 64;

/** Judges captures that were taken anywhere. Throws UserError when a file is none. */
export async function judgeCaptures(
  captures: readonly CaptureFile[],
  options: JudgeCapturesOptions,
): Promise<CaptureJudgement> {
  if (captures.length > MOST_CAPTURES)
    throw new UserError(`${captures.length} captures are too many`, `judge at most ${MOST_CAPTURES} at a time`);
  const plain = captures.map(({ file }) => isPlainFile(file));
  const isTagless = captures.some(({ file }) => losesTags(file));
  const interest: Interest = {
    hosts: [...options.hosts.keys()].map(macNumber),
    isAuto: options.isAuto,
    leaves: options.gateways.map(macNumber),
    isTagless,
  };
  const readers = createWorkerFeeds(
    captures.map(({ file }, i) => ({ file, isPlain: plain[i] === true })),
    interest,
  );
  try {
    return judgeFeeds(
      captures.map(({ leaf, file }, i) => ({
        name: leaf,
        file: file === '-' ? 'standard input' : file,
        feed: required(readers.feeds[i]),
      })),
      {
        profile: options.profile,
        names: options.hosts,
        isAuto: options.isAuto,
        isSharedClock: options.isSharedClock,
        isTagless,
        seeksReflections: options.gateways.length > 0,
        search: plain.every(Boolean) ? (leaf) => searchSamples(captures[leaf]?.file ?? '', interest) : null,
        ...(options.asked === undefined ? {} : { asked: options.asked }),
        ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
      },
    );
  } finally {
    await readers.close();
  }
}

/** `leaf-a=A.pcap` and so on; names are made unique by counting. Throws UserError. */
export function captureFiles(args: readonly string[]): CaptureFile[] {
  const taken = new Set<string>();
  let stdin = 0;
  return args.map((arg) => {
    const [, name, rest] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,39})=(.+)$/s.exec(arg) ?? [];
    const file = rest ?? arg;
    if (file === '-' && ++stdin > 1) throw new UserError('standard input can be one capture only');
    const wanted =
      name ??
      (file === '-'
        ? 'stdin'
        : basename(file)
            .replace(/\.(gz|zst|zstd)$/i, '')
            .replace(/\.(pcap|pcapng|cap|dmp)$/i, ''));
    if (name !== undefined && taken.has(name))
      throw new UserError(
        `two captures are called "${name}"`,
        'give each leaf a name of its own: leaf-a=A.pcap leaf-b=B.pcap',
      );
    let leaf = wanted;
    for (let i = 2; taken.has(leaf); i++) leaf = `${wanted}-${i}`;
    taken.add(leaf);
    return { leaf, file };
  });
}

/** Whether it can be read by position and twice. Throws UserError when it cannot be read at all. */
function isPlainFile(file: string): boolean {
  if (file === '-') return false;
  try {
    const stat = statSync(file);
    if (stat.isDirectory())
      throw new UserError(
        `${file} is a folder without evidence.json`,
        'give a capture file, or the evidence folder of one experiment',
      );
    if (!stat.isFile()) return false;
    const head = new Uint8Array(4);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, head, 0, 4, 0);
    closeSync(descriptor);
    const packing = packingOf(head);
    if (packing === 'zstd' && !canReadZstd())
      throw new UserError(
        `${file} is compressed with zstd, which this machine cannot read`,
        'install the package zstd',
        69,
      );
    return packing === 'none';
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('no such capture');
  return value;
}
