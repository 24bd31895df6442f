import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { HOST, makeCaptures, MS, plainFrame, SECOND, US } from '../judge/testing/captures.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { UserError } from '../userError.js';
import { captureFiles, type CaptureFile } from './captureFiles.js';
import { askedFrame, createFrameListener, explainFrame } from './explainFrame.js';
import { judgeCaptures } from './judgeCaptures.js';

const test = base.extend<{ captures: readonly CaptureFile[] }>({
  captures: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-explain-'));
    made().forEach((bytes, leaf) => {
      writeFileSync(join(folder, String(leaf)), bytes);
    });
    await use(captureFiles(['leaf-a', 'leaf-b'].map((name, leaf) => `${name}=${join(folder, String(leaf))}`)));
    rmSync(folder, { recursive: true });
  },
});

/**
 * Of 20 ARP replies a second apart, each but these on both leaves once, 40 us apart: 6 is not on leaf-b, 8 is there
 * twice, and 10 has another MAC there. The first record of each capture is LLDP, the last but one a stranger's, and after
 * each reply one leaf gets data.
 */
function made(): Uint8Array[] {
  const captures = makeCaptures();
  captures.alive(0, 22 * SECOND);
  for (let i = 0; i < 20; i++) {
    const at = (1 + i) * SECOND + ((i * i * 37) % 97) * MS;
    const frame = plainFrame('arp-reply-unicast', { variation: i + 1 });
    captures.see(0, at, frame);
    if (i !== 6) captures.see(1, at + 40 * US, i === 10 ? withMac(frame) : frame);
    if (i === 8) captures.see(1, at + 60 * US, frame);
    captures.see(i % 2, at + 300 * MS, plainFrame('data-udp', { variation: i + 1 }));
  }
  captures.see(0, 21.9 * SECOND, plainFrame('arp-reply-unicast', { host: 77, variation: 99 }));
  captures.see(0, 21.99 * SECOND, plainFrame('arp-reply-unicast', { variation: 100 }));
  return captures.files();
}

function withMac(frame: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[11] = 0x77;
  return copy;
}

async function explained(captures: readonly CaptureFile[], text: string): Promise<readonly string[]> {
  const asked = await askedFrame(text, captures);
  const listener = createFrameListener(asked);
  const judged = await judgeCaptures(captures, {
    profile: DEFAULT_PROFILE,
    hosts: new Map([[HOST, HOST]]),
    isAuto: false,
    gateways: [],
    isSharedClock: true,
    onSettled: listener.note,
    onAgain: listener.forget,
  });
  const [title = '', ...lines] = await explainFrame(asked, listener.seen(), judged, captures, DEFAULT_PROFILE);
  expect(title).toMatch(new RegExp(`^${text}: 2025-10-\\d\\dT[\\d:.]+Z, .*, \\d+ bytes$`));
  return lines;
}

/** Number of the record, as leaf-a or leaf-b has it: LLDP is the first. */
const NOT_THERE = 'no frame there says the same within 2 s, or differs only in MAC, tag or option within 50 ms';
const SAID: readonly (readonly [asked: string, lines: readonly string[]])[] = [
  ['leaf-a#2', ['paired with leaf-b#2, 40 us later', 'delivered 2/2']],
  ['leaf-b#2', ['paired with leaf-a#2, 40 us earlier', 'delivered 2/2']],
  ['leaf-a#3', ['not on leaf-b, where no copy may be', 'sent once, on leaf-a']],
  ['leaf-a#11', [`not paired on leaf-b: ${NOT_THERE}`, 'missing on leaf-b']],
  ['leaf-a#14', ['paired with leaf-b#13, 40 us later', 'paired with leaf-b#14, 60 us later', 'duplicate on leaf-b']],
  [
    'leaf-b#14',
    ['paired with leaf-a#14, 60 us earlier', 'paired with leaf-b#13, 20 us earlier', 'duplicate on leaf-b'],
  ],
  ['leaf-a#17', ['paired with leaf-b#17, 40 us later', 'altered on leaf-b']],
  ['leaf-a#1', ['paired with nothing: LLDP belongs to one port, and is not compared']],
  ['leaf-a#32', ['paired with nothing: 02:00:00:00:01:4d is none of the hosts that are judged']],
  ['leaf-a#33', ['paired with nothing: it came 40 ms after the time that is judged, in which all captures were alive']],
];

for (const [asked, lines] of SAID)
  test(`${asked}: ${lines.at(-1) ?? ''}`, async ({ captures }) => {
    expect(await explained(captures, asked)).toEqual(lines);
  });

test('a frame that is not there is told with those that are', async ({ captures }) => {
  const error = async (text: string): Promise<string> =>
    askedFrame(text, captures).then(
      () => '',
      (thrown: unknown) => {
        expect(thrown).toBeInstanceOf(UserError);
        return thrown instanceof UserError ? `${thrown.message}; ${thrown.hint ?? ''}` : '';
      },
    );
  expect(await error('leaf-c#1')).toBe('--explain leaf-c#1: there is no leaf "leaf-c"; there are: leaf-a, leaf-b');
  expect(await error('leaf-a#99')).toBe('--explain leaf-a#99: leaf-a holds 34 frames; ');
  for (const text of ['leaf-a', 'leaf-a#', 'leaf-a#0', '#3', 'leaf-a#x'])
    expect(await error(text)).toBe(`--explain ${text} names no frame; write --explain leaf-a#1`);
});
