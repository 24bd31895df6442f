import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { CORPUS_HOST, ownCaptures, rewrittenCaptures, type Pair } from '../fuzz/corpus.js';
import { macNumber } from '../judge/read/macs.js';
import { samples } from '../testing/samples.js';
import { compareReaders } from './testing/bothReaders.js';
import { randomReading } from './testing/randomReading.js';

/** As many again for each call of `node dist/lib/production/testing/compareMany.js COUNT`. */
const READINGS = samples(750, 3_000);
/** Packets of no known protocol, and ARP in them: found among 100,000 captures. */
const FOUND = [3_044_520, 3_055_083];

test('the compiled reader records what the other one records, of captures by chance', () => {
  let [frames, taken] = [0, 0];
  for (const seed of [...FOUND, ...Array.from({ length: READINGS }, (_, i) => i + 1)]) {
    const compared = compareReaders(randomReading(dice(seed)));
    expect({ seed, difference: compared.difference }).toEqual({ seed, difference: null });
    frames += compared.frames;
    taken += compared.taken;
  }
  // It leaves much of what is odd to the other one, and does the rest itself.
  expect(taken / frames).toBeGreaterThan(0.35);
});

function expectSame({ name, files }: Pair): void {
  for (const file of files)
    for (const isAuto of [false, true]) {
      const interest = { hosts: isAuto ? [] : [macNumber(CORPUS_HOST)], isAuto, leaves: [] };
      const { difference, frames, taken } = compareReaders({ files: [file], interest, chunks: [0x10000] });
      expect(difference, name).toBeNull();
      if (name === 'pcap') expect(taken).toBeGreaterThan(frames / 2);
    }
}

for (const pair of ownCaptures())
  test(`the compiled reader records what the other one records, of ${pair.name}`, () => {
    expectSame(pair);
  });

test('the compiled reader records what the other one records, of what other programs wrote', () => {
  rewrittenCaptures().forEach(expectSame);
});
