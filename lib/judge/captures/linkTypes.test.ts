import { expect, test } from '@playwright/test';
import { atSwitchPort, SWITCH_PORT_LINKS } from '../../pcap/testing/switchPort.js';
import { judgeFiles, SECOND } from '../testing/captures.js';
import { failuresOf, FATES, pcapOf, SAID, situation, SITUATION_HOSTS } from '../testing/situation.js';

const TAG = { tpid: 0x8100, vid: 20, pcp: 5, dei: true } as const;

for (const linkType of [1, ...SWITCH_PORT_LINKS])
  for (const fate of FATES)
    test(`link type ${linkType}: ${fate}`, () => {
      for (const tags of [[], [TAG]]) {
        const files = situation({ fate, seed: linkType, tags }).map((frames, leaf) =>
          pcapOf(
            // The other leaf is captured on its port: link types of two captures need not be the same.
            frames.map(({ at, frame }) => ({
              at,
              frame: leaf === 0 || linkType === 1 ? frame : atSwitchPort(frame, linkType, 3 + leaf),
            })),
            leaf === 0 ? 1 : linkType,
            leaf * 3.2 * SECOND,
          ),
        );
        const { judgement } = judgeFiles(files, { hosts: SITUATION_HOSTS });
        const { verdict, failures } = SAID[fate];
        expect({
          verdict: judgement.verdict,
          failures: failuresOf(judgement),
          reasons: judgement.reasons,
        }).toMatchObject({
          verdict,
          failures,
        });
      }
    });

test('what the CPU itself sends is nobody else', () => {
  const files = situation().map((frames, leaf) =>
    pcapOf(
      frames.flatMap(({ at, frame }) => [
        { at, frame: atSwitchPort(frame, 285) },
        ...(leaf === 0 ? [] : [{ at: at + 20_000, frame: atSwitchPort(frame, 285, 2, true) }]),
      ]),
      285,
    ),
  );
  expect(judgeFiles(files, { hosts: SITUATION_HOSTS }).judgement.verdict).toBe('pass');
});

for (const [linkType, text] of [
  [105, 'link type 105 (IEEE802_11)'],
  [283, 'link type 283 (IEEE802_15_4_TAP)'],
  [101, 'link type 101 (RAW)'],
  [9_999, 'link type 9999'],
] as const)
  test(`what cannot be read is named: ${text}`, () => {
    const [a = [], b = []] = situation();
    const { verdict, reasons } = judgeFiles([pcapOf(a), pcapOf(b, linkType)], { hosts: SITUATION_HOSTS }).judgement;
    expect(verdict).toBe('inconclusive');
    expect(reasons.join()).toContain(`have no Ethernet header that can be read, as ${text}: capture on the port`);
  });
