import { expect, test } from '@playwright/test';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { HOST, plainFrame } from '../testing/captures.js';
import { macNumber } from '../read/macs.js';
import { createLocalFeed, isFull } from './feed.js';
import { judgeFeeds } from './judgeFeeds.js';

const RING = 0x400;
const START_SECONDS = 1_760_000_000;

/** Frames of one second, all with one time stamp but for the first and the last. */
function burst(leaf: number): Uint8Array {
  const record = (seconds: number, variation: number, nanos = 0): Uint8Array =>
    pcapRecord({ seconds: START_SECONDS + seconds, nanos, frame: plainFrame('ns-unicast', { variation }) });
  return Buffer.concat([
    pcapHeader(LINK_TYPE.ethernet),
    record(0, 60_000),
    ...Array.from({ length: 3 * RING }, (_, i) => record(1, i + 1, leaf * 900)),
    record(2, 60_001),
  ]);
}

test('more frames of one time stamp than a ring holds are taken out of it all the same', () => {
  const interest = { hosts: [macNumber(HOST)], isAuto: false, leaves: [] };
  const captures = [0, 1].map((leaf) => {
    const feed = createLocalFeed([burst(leaf)].values(), interest, RING);
    const advance = feed.advance.bind(feed);
    // A reader on a thread of its own waits for room, for ever.
    feed.advance = () => {
      if (isFull(feed)) throw new Error('nobody takes anything out of a full ring');
      advance();
    };
    return { name: `leaf-${leaf}`, file: `${leaf}.pcap`, feed };
  });
  const { judgement } = judgeFeeds(captures, {
    profile: DEFAULT_PROFILE,
    names: new Map(),
    isAuto: false,
    isSharedClock: true,
    search: null,
  });
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals.delivered).toBe(3 * RING);
});
