import { expect, test } from '@playwright/test';
import { judgeFiles, SECOND } from '../testing/captures.js';
import { failuresOf, FATES, pcapOf, SAID, situation, SITUATION_HOSTS } from '../testing/situation.js';

const VLAN = { tpid: 0x8100, vid: 20, pcp: 5, dei: true } as const;

/** Puts bytes behind the MAC addresses. */
const behindMacs =
  (...bytes: readonly number[]) =>
  (frame: Uint8Array): Uint8Array =>
    Uint8Array.of(...frame.subarray(0, 12), ...bytes, ...frame.subarray(12));

/** DSA takes the place of the VLAN tag. */
function edsa(frame: Uint8Array, command = 0xc0): Uint8Array {
  if (frame[12] !== 0x81) return behindMacs(0xda, 0xda, 0, 0, command, 0x28, 0, 1)(frame);
  const [high = 0, low = 0] = frame.subarray(14);
  const tag = [0xda, 0xda, 0, 0, command | 0x20, 0x28 | ((high >> 4) & 1), high & 0xef, low];
  return Uint8Array.of(...frame.subarray(0, 12), ...tag, ...frame.subarray(16));
}

/** As two leaves' switches put it: what names the port is not the same. */
const PORT_TAGS: Readonly<Record<string, readonly ((frame: Uint8Array) => Uint8Array)[]>> = {
  '802.1BR': [behindMacs(0x89, 0x3f, 0, 0, 1, 0, 0, 0), behindMacs(0x89, 0x3f, 0x20, 7, 2, 9, 1, 2)],
  'VN-tag': [behindMacs(0x89, 0x26, 0x80, 1, 0, 2), behindMacs(0x89, 0x26, 0, 9, 0, 0)],
  EDSA: [(frame) => edsa(frame), (frame) => edsa(frame)],
  'E-tag on one leaf only': [(frame) => frame, behindMacs(0x89, 0x3f, 0, 0, 1, 0, 0, 0)],
  'E-tag around a VN-tag': [
    behindMacs(0x89, 0x3f, 0, 0, 1, 0, 0, 0, 0x89, 0x26, 0x80, 1, 0, 2),
    behindMacs(0x89, 0x26, 0x80, 1, 0, 2),
  ],
};

for (const [name, put] of Object.entries(PORT_TAGS))
  for (const fate of FATES)
    test(`${name}: ${fate}`, () => {
      for (const tags of [[], [VLAN]]) {
        const files = situation({ fate, seed: 3, tags }).map((frames, leaf) =>
          pcapOf(
            frames.map(({ at, frame }) => ({ at, frame: put[leaf]?.(frame) ?? frame })),
            1,
            leaf * 2.7 * SECOND,
          ),
        );
        const { judgement } = judgeFiles(files, { hosts: SITUATION_HOSTS });
        const { verdict, failures } = SAID[fate];
        expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
      }
    });

test('what the CPU of a switch sends is nobody else', () => {
  const files = situation().map((frames, leaf) =>
    pcapOf(
      frames.flatMap(({ at, frame }) => [
        { at, frame: edsa(frame) },
        ...(leaf === 0 ? [] : [{ at: at + 20_000, frame: edsa(frame, 0x40) }]),
      ]),
    ),
  );
  expect(judgeFiles(files, { hosts: SITUATION_HOSTS }).judgement.verdict).toBe('pass');
});

const BACKBONE = [0x02, 0, 0, 0, 0xee, 1, 0x02, 0, 0, 0, 0xee, 2] as const;

const SEALED: Readonly<Record<string, (frame: Uint8Array) => Uint8Array>> = {
  '802.1ah': (frame) => Uint8Array.of(...BACKBONE, 0x88, 0xa8, 0, 200, 0x88, 0xe7, 0, 0, 3, 0xe8, ...frame),
  '802.1AE': (frame) => behindMacs(0x88, 0xe5, 0x2c, 0, 0, 0, 0, frame[20] ?? 0)(frame),
  'RFC 6325': (frame) => Uint8Array.of(...BACKBONE, 0x22, 0xf3, 0, 0x10, 0, 1, 0, 2, ...frame),
};

for (const [name, seal] of Object.entries(SEALED))
  test(`${name} is named, on whichever leaf it is`, () => {
    for (const sealed of [[0], [1], [0, 1]])
      for (const isAuto of [false, true]) {
        const files = situation().map((frames, leaf) =>
          pcapOf(frames.map(({ at, frame }) => ({ at, frame: sealed.includes(leaf) ? seal(frame) : frame }))),
        );
        const { verdict, reasons, totals } = judgeFiles(files, {
          hosts: isAuto ? [] : SITUATION_HOSTS,
          isAuto,
        }).judgement;
        expect(verdict).toBe('inconclusive');
        expect(reasons.join()).toContain(`${name}), which is not looked into`);
        expect(reasons.join()).not.toContain('No neighbor frame of');
        expect(totals.dataDuplicated).toBe(0);
      }
  });
