import { expect, test } from '@playwright/test';
import { makeCaptures, MS, plainFrame, SECOND } from '../judge/testing/captures.js';
import { createLineMaker, lineText } from './lines.js';
import { feedWindows } from './testing/feedWindows.js';

/** Seconds in which the host says nothing, and in which leaf-b hears nothing of it. */
const QUIET = [24, 48] as const;
const LOST = [12, 24] as const;

test('a finding is told in each window that shows it, and gone where hosts speak and it does not', async () => {
  const made = makeCaptures();
  const isIn = (second: number, [from, to]: readonly [number, number]) => second >= from && second < to;
  for (let i = 0; i < 700; i++) {
    const at = i * 100 * MS;
    const second = i / 10;
    if (i % 10 === 0)
      for (const leaf of [0, 1])
        made.see(leaf, at + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
    if (isIn(second, QUIET)) continue;
    const frame = plainFrame('arp-request-unicast', { variation: i });
    made.see(0, at + 5 * MS, frame);
    if (!isIn(second, LOST)) made.see(1, at + 5.03 * MS, frame);
  }
  const files = made.files([(at) => at, (at) => at + SECOND / 1_000]);
  const maker = createLineMaker();
  const told = (await feedWindows(files, { seconds: 10, chunkBytes: 400, isSharedClock: true })).map((window) =>
    maker.of(window).map((line) => (line.type === 'window' ? line.verdict : lineText(line).replace(/^\S+ /, ''))),
  );
  const flat = told.flat().join('\n');
  expect(flat).toMatch(/^pass\nFAIL leaf-b never saw/);
  expect(flat).toMatch(/\nFAIL again: leaf-b never saw/);
  // Nothing is gone because nobody spoke.
  for (const lines of told) if (lines.includes('quiet')) expect(lines).toEqual(['quiet']);
  expect(told.filter((lines) => lines.includes('quiet')).length).toBeGreaterThanOrEqual(1);
  expect(flat.match(/no more: leaf-b never saw/g)).toHaveLength(1);
  expect(flat).toMatch(/no more: [^\n]*\npass/);
});
