import { expect, test } from '@playwright/test';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import type { Finding } from '../types.js';
import { uncompared } from './uncompared.js';

const finding = (signature: Finding['signature'], kind: KindId): Finding => ({
  property: 'P1',
  signature,
  verdict: 'fail',
  leaf: 'leaf-b',
  kind,
  count: 2,
  probes: [],
  sentence: 'leaf-b saw it twice.',
});
const verdicts = (valid: readonly boolean[], ...findings: readonly Finding[]) =>
  uncompared(findings, valid).map(({ verdict }) => verdict);

test('announcements that came too often to the only leaf that can be trusted prove nothing', () => {
  const twice = [finding('duplicate', 'garp-request'), finding('storm', 'na-unsolicited')];
  expect(verdicts([false, true], ...twice)).toEqual(['inconclusive', 'inconclusive']);
  expect(uncompared(twice, [false, true])[0]?.sentence).toBe(
    'leaf-b saw it twice. Whether the host said it so often is not known, for nothing can be said of another leaf.',
  );
  expect(verdicts([true, true], ...twice)).toEqual(['fail', 'fail']);
  expect(verdicts([false, true, true], ...twice)).toEqual(['fail', 'fail']);
  // A capture alone was never meant to be compared.
  expect(verdicts([true], ...twice)).toEqual(['fail', 'fail']);
});

test('what a host says once, and what is missing, stays as it is', () => {
  const others = [finding('duplicate', 'arp-request-broadcast'), finding('missing', 'garp-request')];
  expect(verdicts([false, true], ...others)).toEqual(['fail', 'fail']);
});

test('bursts of announcements with two tags on one leaf and none on the other are no duplicates', () => {
  const tags: readonly VlanTag[] = [0x88a8, 0x8100].map((tpid) => ({
    tpid: tpid as VlanTag['tpid'],
    vid: 20,
    pcp: 0,
    dei: false,
  }));
  const made = makeCaptures();
  made.alive(0, 20 * SECOND);
  const say = (at: number, kind: KindId, variation: number) => {
    made.see(0, at, plainFrame(kind, { variation, tags }));
    made.see(1, at + 20 * US, plainFrame(kind, { variation }));
  };
  for (let i = 0; i < 60; i++) say(SECOND + i * 270 * MS + ((i * 7_919) % 97) * MS, 'arp-reply-unicast', i + 1);
  for (const at of [4, 9, 14])
    for (let i = 0; i < 6; i++) say(at * SECOND + 133 * MS + i * 200 * US, 'garp-request', 1);
  const { verdict, reasons } = judgeFiles(made.files(), { profile: ovsGroup }).judgement;
  expect({ verdict, reasons }).toMatchObject({ verdict: 'inconclusive' });
  expect(reasons.join(' ')).toContain('as many VLAN tags as the profile does not judge');
});
