import { expect, test } from '@playwright/test';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { judge } from '../judge.js';
import { owedOf } from './owed.js';
import { makeLab, MS, type MadeLab } from '../testing/lab.js';

/** A good neighbor frame, and an LLDP frame of vm1 of which these leaves have copies. */
function lldp(copies: readonly string[], act: (lab: MadeLab) => void = () => undefined) {
  const lab = makeLab();
  act(lab);
  lab.deliver(lab.send('arp-request-broadcast', { at: 100 * MS }));
  const probe = lab.send('lldp', { at: 1_500 * MS });
  copies.forEach((leaf, i) => lab.copy(probe, leaf, { afterNs: 50_000 + 10_000 * i }));
  return lab;
}

const outcomes = (lab: MadeLab) =>
  judge(lab.input()).deliveries.map(({ leaves, verdict }) =>
    [verdict, ...Object.values(leaves).map(({ outcome }) => outcome)].join(' '),
  )[1];

test('P4: what belongs to its own port comes out once at most, and need not come out', () => {
  for (const copies of [[], ['leaf-a'], ['leaf-b']])
    expect(judge(lldp(copies).input())).toMatchObject({
      verdict: 'pass',
      findings: [],
      totals: { probes: 1, dataFrames: 0 },
    });
  expect(outcomes(lldp([]))).toBe('pass not-expected not-expected');
  expect(outcomes(lldp(['leaf-b']))).toBe('pass not-expected delivered');
  expect(judge(lldp([]).input()).deliveries[1]?.duty).toBe('at-most-once');
  expect(Object.keys(judge(lldp(['leaf-a']).input()).kinds)).toEqual(['arp-request-broadcast']);
});

test('P4: copied, to two leaves or to one, it fails', () => {
  const both = judge(lldp(['leaf-b', 'leaf-a']).input());
  expect(both.findings).toMatchObject([
    { property: 'P4', signature: 'data-replicated', verdict: 'fail', kind: 'lldp', sender: 'vm1', count: 1, of: 1 },
  ]);
  expect(both.reasons).toEqual([
    '1 of 1 LLDP frames from vm1 (MAC 02:00:00:00:01:0a) belong to their own port and were copied: leaf-a saw 1 copy and leaf-b saw 1 copy.',
  ]);
  expect(outcomes(lldp(['leaf-b', 'leaf-a']))).toBe('fail unexpected delivered');
  expect(outcomes(lldp(['leaf-a', 'leaf-a']))).toBe('fail duplicate not-expected');
  expect(judge(lldp(['leaf-a', 'leaf-a']).input()).findings.map(({ signature }) => signature)).toEqual([
    'data-replicated',
  ]);
});

test('no fault excuses that, and a leaf without certificate takes nothing back', () => {
  const dead = (lab: MadeLab): void => lab.edge('leg-b', 'down', 1_000 * MS);
  const signatures = (lab: MadeLab) =>
    judge(lab.input({ profile: { ...DEFAULT_PROFILE, deadLegMustBeSilent: false } })).findings.map(
      ({ signature, verdict }) => `${verdict} ${signature}`,
    );
  expect(signatures(lldp(['leaf-a', 'to-leg-b'], dead))).toContain('fail data-replicated');
  expect(signatures(lldp(['leaf-a'], dead))).toEqual([]);
  const blind = (lab: MadeLab): void => lab.spoil('leaf-b', { droppedByKernel: 1 });
  expect(signatures(lldp(['leaf-a', 'leaf-a'], blind))).toEqual(['fail data-replicated', 'inconclusive drops']);
  expect(signatures(lldp(['leaf-a', 'leaf-b'], blind))).toEqual(['inconclusive drops']);
});

test('a frame that need not come is no proof of anything', () => {
  const lab = makeLab();
  lab.copy(lab.send('lldp'), 'leaf-a');
  expect(judge(lab.input())).toMatchObject({ verdict: 'inconclusive', findings: [{ signature: 'nothing-judged' }] });
  const copied = makeLab();
  copied.deliver(copied.send('lldp'));
  expect(judge(copied.input()).findings.map(({ signature }) => signature)).toEqual(['data-replicated']);
});

test('the profile has the first word', () => {
  expect(owedOf(DEFAULT_PROFILE, 'lacpdu', 'untagged')).toBe('at-most-once');
  expect(owedOf(DEFAULT_PROFILE, 'nd-malformed', 'untagged')).toBe('unjudged');
  expect(owedOf(DEFAULT_PROFILE, 'data-udp', 'tagged')).toBe('single');
  for (const said of ['single', 'unjudged'] as const)
    expect(owedOf({ ...DEFAULT_PROFILE, duties: { lldp: said } }, 'lldp', 'untagged')).toBe(said);
});
