import { expect, test } from '@playwright/test';
import type { VantageRecord } from '../evidence/types.js';
import { isVlanTpid } from '../wire/ethernet.js';
import { judge } from './judge.js';
import { buildFrame } from '../wire/build.js';
import { makeLab, TAG_10, type MadeLab } from './testing/lab.js';
import { canary, eachCanary, PERFECT } from './testing/vantageRecords.js';
import type { Judgement } from './types.js';
import { capacityOf } from './vantage/calibrated.js';

/** What is said where leaf-b's vantage was tried with this result, and the lab saw what `fill` puts there. */
function judged(record: VantageRecord, fill: (lab: MadeLab) => void, lost: number | null = null): Judgement {
  const lab = makeLab();
  fill(lab);
  return judge(lab.input({ vantages: { 'leaf-b': record }, vantageLosses: { 'leaf-b': lost } }));
}

const outcome = ({ deliveries }: Judgement, at = 0) => deliveries[at]?.leaves['leaf-b']?.outcome;

function good(lab: MadeLab): void {
  lab.deliver(lab.send('arp-request-broadcast'));
  lab.deliver(lab.send('data-udp'), ['leaf-b']);
}
function lost(lab: MadeLab): void {
  good(lab);
  lab.deliver(lab.send('arp-request-broadcast'), ['leaf-a']);
}
/** leaf-b shows everything twice. */
function twice(lab: MadeLab): void {
  for (const kind of ['arp-request-broadcast', 'data-udp', 'lldp'] as const) {
    const probe = lab.send(kind);
    lab.deliver(probe, kind === 'arp-request-broadcast' ? ['leaf-a', 'leaf-b'] : ['leaf-b']);
    lab.copy(probe, 'leaf-b', { afterNs: 90_000 });
  }
}
/** leaf-b shows no tags, and hop limits that are one too low. */
function stripped(lab: MadeLab): void {
  const probe = lab.send('ns-multicast', { tags: [TAG_10] });
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', {
    alter(frame) {
      const at = isVlanTpid(((frame[12] ?? 0) << 8) | (frame[13] ?? 0)) ? 4 : 0;
      const bare = new Uint8Array(frame.length - at);
      bare.set(frame.subarray(0, 12));
      bare.set(frame.subarray(12 + at), 12);
      bare[14 + 7] = 254;
      return bare;
    },
  });
}

test('a vantage that shows everything as it is changes nothing', () => {
  const judgement = judged(PERFECT, good);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.claims?.notJudged['leaf-b']).toEqual({});
  expect(judged(PERFECT, lost).verdict).toBe('fail');
  expect(judged(PERFECT, twice).verdict).toBe('fail');
  expect(judged(PERFECT, stripped).verdict).toBe('fail');
});

test('where canaries came twice, frames that come twice are no failure and no pass; what is missing still fails', () => {
  const doubling = eachCanary({ copies: 2 });
  const judgement = judged(doubling, twice);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.deliveries.map(({ verdict }) => verdict)).not.toContain('fail');
  expect(judgement.reasons.join()).toContain('cannot carry "exactly once": 3 of 3 canaries came twice');
  expect(judged(doubling, lost).verdict).toBe('fail');
  // The other leaf is judged as ever.
  const onOther = judged(doubling, (lab) => {
    twice(lab);
    lab.copy(lab.input().probes[0] as never, 'leaf-a', { afterNs: 95_000 });
  });
  expect(onOther.reasons.join()).toContain('leaf-a');
  expect(onOther.verdict).toBe('fail');
});

test('where tags and hop limits of canaries were altered, frames are compared without them and may pass; other bytes not', () => {
  const altering: VantageRecord = {
    ...PERFECT,
    canaries: PERFECT.canaries.map((one) => ({
      ...one,
      altered: [...(one.form === 'tagged' ? (['tags'] as const) : []), 'hop-limit' as const],
    })),
  };
  const judgement = judged(altering, stripped);
  expect(judgement.verdict).toBe('pass');
  expect(Object.keys(judgement.claims?.notJudged['leaf-b'] ?? {})).toEqual(['tags', 'hop-limit']);
  const spoiled = judged(altering, (lab) => {
    stripped(lab);
    const probe = lab.send('arp-request-broadcast');
    lab.copy(probe, 'leaf-a');
    lab.copy(probe, 'leaf-b', { alter: (frame) => frame.fill(0x42, 24, 28) });
  });
  expect(spoiled.verdict).toBe('fail');
  expect(spoiled.reasons.join()).toContain('leaf-b');
});

test('where the ladder lost frames, a frame that is missing is no failure, unless a counter that counts them stood still', () => {
  const lossy = { ...PERFECT, ladder: [...PERFECT.ladder, { perSecond: 8_000, frames: 400, seen: 90 }] };
  const judgement = judged(lossy, lost);
  expect(judgement.verdict).toBe('inconclusive');
  expect(outcome(judgement, 2)).toBe('not-judged');
  expect(judgement.reasons.join()).toContain('of 400 frames at 8000 a second');
  expect(capacityOf(lossy)).toBe(2_000);
  // Twice is twice there, too.
  expect(judged(lossy, twice).verdict).toBe('fail');
  const counted = { ...lossy, counted: 310 };
  expect(judged(counted, lost, 0).verdict).toBe('fail');
  expect(judged(counted, lost, 3).verdict).toBe('inconclusive');
  expect(judged(counted, good, 0).verdict).toBe('pass');
  // It stood still while frames were lost.
  expect(judged({ ...lossy, counted: 2 }, lost, 0).verdict).toBe('inconclusive');
});

test('frames of a kind that a vantage does not show are not known to be there, and nothing passes', () => {
  const blind = { ...PERFECT, canaries: [canary('arp-request-broadcast', { copies: 0 }), canary('ns-multicast')] };
  const judgement = judged(blind, lost);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toContain('does not show broadcast ARP requests');
  const other = judged(blind, (lab) => {
    lab.deliver(lab.send('ns-multicast'), ['leaf-a']);
  });
  expect(other.verdict).toBe('fail');
  expect(judged(blind, (lab) => lab.deliver(lab.send('ns-multicast'))).verdict).toBe('pass');
});

test('a mirror needs a counter, a trap never says "once", and what a leaf sends itself is no reflection where it is shown', () => {
  const span = { ...PERFECT, kind: 'span' as const, counted: 0 };
  expect(judged(span, good, 0).verdict).toBe('pass');
  expect(judged({ ...span, counted: null }, good).verdict).toBe('inconclusive');
  expect(judged({ ...span, kind: 'trap' }, good, 0).reasons.join()).toContain('cannot carry "exactly once"');
  expect(judged({ ...span, without: ['tags'] }, good, 0).claims?.notJudged['leaf-b']).toHaveProperty('tags');
  const sent = (lab: MadeLab): void => {
    good(lab);
    lab.copy(lab.send('arp-request-broadcast', { sender: 'leaf-b' }), 'leaf-b');
  };
  expect(judged(span, sent, 0).verdict).toBe('fail');
  expect(judged({ ...span, showsSent: true }, sent, 0).verdict).toBe('pass');
});

test('frames of a MAC that nobody has fail where they are on the wire, and are in doubt where a mirror may have made them', () => {
  const stranger = (lab: MadeLab): void => {
    good(lab);
    const frame = buildFrame('arp-request-broadcast', {
      sourceMac: '02:00:00:aa:00:02',
      sourceIpv4: '192.0.2.77',
      sourceIpv6: '2001:db8::77',
      gatewayMac: '02:00:00:0f:00:01',
      gatewayIpv4: '192.0.2.1',
      gatewayIpv6: '2001:db8::1',
      variation: 0,
      salt: 1,
      id: 1,
    });
    lab.see('leaf-b', frame, lab.now() + 1_000_000);
  };
  const at = (kind: VantageRecord['kind']): Judgement => {
    const lab = makeLab();
    stranger(lab);
    const record: VantageRecord = { ...PERFECT, kind, at: 'cap cap0', counted: 0 };
    return judge(lab.input({ vantages: { 'leaf-b': record }, vantageLosses: { 'leaf-b': 0 }, stacks: [] }));
  };
  expect(at('port').verdict).toBe('fail');
  expect(at('tap').verdict).toBe('fail');
  const mirrored = at('span');
  expect(mirrored.verdict).toBe('inconclusive');
  expect(mirrored.reasons.join()).toContain('the span (cap cap0) may show frames of its own');
});

test('where counters could not be read it is said which, and why', () => {
  const span = { ...PERFECT, kind: 'span' as const, uncounted: 'ethtool -S cap0: no such device' };
  const judgement = judged(span, good);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toContain('no loss counter was read (ethtool -S cap0: no such device)');
});
