import { expect, test } from '@playwright/test';
import type { NeighborHistory, NeighborState } from '../../evidence/types.js';
import { judge } from '../judge.js';
import { neighborTables } from './neighborTables.js';
import { makeLab, MS } from '../testing/lab.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number): string => String(OPEN + BigInt(ms * MS));
const IP = '192.0.2.10';
const MAC = '02:00:00:00:01:0a';

function history(
  states: readonly (readonly [ms: number, leaf: string, state: NeighborState, ip?: string])[],
  changes: Partial<NeighborHistory> = {},
): NeighborHistory {
  return {
    fromNs: at(0),
    toNs: at(2_000),
    periodNs: 300 * MS,
    watched: ['leaf-a', 'leaf-b'].map((leaf) => ({ leaf, sender: 'vm1', ip: IP, mac: MAC })),
    events: states.map(([ms, leaf, state, ip = IP]) => ({ atNs: at(ms), leaf, ip, state })),
    ...changes,
  };
}

test('entries that live on answers are kept, and it is said how often they were asked for', () => {
  const findings = neighborTables(
    history([
      [300, 'leaf-a', 'STALE'],
      [301, 'leaf-a', 'PROBE'],
      [302, 'leaf-a', 'REACHABLE'],
    ]),
    [],
  );
  expect(findings.map(({ signature, verdict }) => [signature, verdict])).toEqual([['table-kept', 'note']]);
  expect(findings[0]?.sentence).toBe(
    '2 of 2 neighbor entries outlived 6 ageing periods of 300 ms; the leaves asked again 1 time.',
  );
});

for (const state of ['FAILED', 'DELETED', 'INCOMPLETE'] as const) {
  test(`an entry that is ${state} is lost, and the sentence names leaf, sender, address and who kept it`, () => {
    const findings = neighborTables(
      history([
        [301, 'leaf-b', 'PROBE'],
        [1_051, 'leaf-b', state],
      ]),
      [],
    );
    expect(findings[0]).toMatchObject({
      property: 'P13',
      signature: 'table-lost',
      verdict: 'fail',
      leaf: 'leaf-b',
      sender: 'vm1',
    });
    expect(findings[0]?.sentence).toBe(
      `leaf-b lost its entry for vm1 (${IP}, MAC ${MAC}) 1.05 s into the ageing, without having heard any of its answers; leaf-a kept it.`,
    );
  });
}

test('the time since the last answer that the leaf heard is told, from the captures', () => {
  const lab = makeLab();
  const heard = lab.send('arp-reply-unicast', { at: 200 * MS });
  lab.deliver(heard);
  lab.deliver(lab.send('arp-reply-unicast', { at: 500 * MS }), ['leaf-a']);
  // Neither another family, nor a question, nor what came too late is an answer that kept it.
  lab.deliver(lab.send('na-solicited', { at: 600 * MS }));
  lab.deliver(lab.send('arp-request-broadcast', { at: 700 * MS }));
  lab.deliver(lab.send('arp-reply-unicast', { at: 1_500 * MS }));
  const { findings, verdict } = judge({
    ...lab.input(),
    neighbors: history([
      [301, 'leaf-b', 'PROBE'],
      [1_000.07, 'leaf-b', 'FAILED'],
    ]),
  });
  expect(verdict).toBe('fail');
  expect(findings.find(({ signature }) => signature === 'table-lost')?.sentence).toContain(
    'leaf-b lost its entry for vm1 (192.0.2.10, MAC 02:00:00:00:01:0a) 800 ms after the last of its answers that it heard; leaf-a kept it.',
  );
});

test('what was lost everywhere is said so', () => {
  const findings = neighborTables(
    history([
      [301, 'leaf-b', 'PROBE'],
      [1_000, 'leaf-b', 'FAILED'],
      [1_100, 'leaf-a', 'FAILED'],
    ]),
    [],
  );
  expect(
    findings.filter(({ signature }) => signature === 'table-lost').map(({ sentence }) => sentence.split('; ')[1]),
  ).toEqual(['every other leaf lost it too.', 'every other leaf lost it too.']);
});

test('what happened before the ageing, after it, or to another address, is no loss', () => {
  const findings = neighborTables(
    history([
      [-5, 'leaf-b', 'DELETED'],
      [10, 'leaf-b', 'PROBE'],
      [500, 'leaf-b', 'FAILED', '192.0.2.99'],
      [2_100, 'leaf-b', 'FAILED'],
    ]),
    [],
  );
  expect(findings.map(({ signature }) => signature)).toEqual(['table-kept']);
});

test('a leaf that was down is excused, but must have its entries again at the end', () => {
  const excused = [{ leaf: 'leaf-b', fromNs: at(400), toNs: at(900) }];
  const down = [
    [10, 'leaf-a', 'PROBE'],
    [500, 'leaf-b', 'DELETED'],
  ] as const;
  expect(
    neighborTables(history([...down, [800, 'leaf-b', 'REACHABLE']], { excused }), []).map(({ signature }) => signature),
  ).toEqual(['table-kept']);
  expect(neighborTables(history(down, { excused }), []).map(({ signature }) => signature)).toContain('table-lost');
  expect(
    neighborTables(history([...down, [800, 'leaf-b', 'REACHABLE'], [1_500, 'leaf-b', 'FAILED']], { excused }), []).map(
      ({ signature }) => signature,
    ),
  ).toContain('table-lost');
});

test('an entry that was lost while a leaf was kept from asking for it says nothing; the others of that leaf are judged', () => {
  const lostAfter = (gapMs: number, leaf = 'leaf-a', ip = IP) =>
    neighborTables(
      history([
        [100, 'leaf-b', 'REACHABLE'],
        [310, 'leaf-b', 'STALE'],
        [312, 'leaf-b', 'PROBE'],
        [500, leaf, 'STALE', ip],
        [500 + gapMs, leaf, 'PROBE', ip],
        [1_062, 'leaf-b', 'FAILED'],
      ]),
      [],
    ).filter(({ verdict }) => verdict !== 'note');
  expect(lostAfter(299).map(({ signature, verdict }) => [signature, verdict])).toEqual([['table-lost', 'fail']]);
  expect(lostAfter(310).map(({ signature, verdict, leaf }) => [signature, verdict, leaf])).toEqual([
    ['table-not-aged', 'inconclusive', 'leaf-b'],
  ]);
  expect(lostAfter(310)[0]?.sentence).toBe(
    `leaf-b lost its entry for vm1 (${IP}), but the machine was too busy to say why: leaf-a was made to ask only 310 ms after its own entry's age was over, more than 300 ms.`,
  );
  // It had not been asked at all when the other was lost.
  expect(lostAfter(900).map(({ signature }) => signature)).toEqual(['table-not-aged']);
  // Of another address, or over before the leaf last heard its neighbor.
  expect(lostAfter(310, 'leaf-a', '192.0.2.99').map(({ signature }) => signature)).toEqual(['table-lost']);
  const before = history([
    [10, 'leaf-a', 'STALE'],
    [400, 'leaf-a', 'PROBE'],
    [401, 'leaf-b', 'REACHABLE'],
    [700, 'leaf-b', 'PROBE'],
    [1_450, 'leaf-b', 'FAILED'],
  ]);
  expect(neighborTables(before, [])[0]?.signature).toBe('table-lost');
});

test('ageing that never happened shows nothing', () => {
  const never = neighborTables(history([]), []);
  expect(never.find(({ verdict }) => verdict === 'inconclusive')?.sentence).toBe(
    `Nothing is known about the leaves' tables: no leaf ever asked for ${IP} again.`,
  );
  const short = neighborTables(history([[10, 'leaf-a', 'PROBE']], { toNs: at(800) }), []);
  expect(short.map(({ signature, verdict }) => [signature, verdict])).toEqual([['table-not-aged', 'inconclusive']]);
  expect(short[0]?.sentence).toContain('only 2 ageing periods of 300 ms passed');
  expect(neighborTables(history([], { watched: [] }), [])[0]?.sentence).toContain('no entry was watched');
});

test('a scenario that cannot be tried here is skipped, never passed, and what broke counts more', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  const skipped = judge(lab.input({ skipped: 'no routing daemon' }));
  expect(skipped.verdict).toBe('skipped');
  expect(skipped.reasons).toEqual(['It cannot be tried on this machine: no routing daemon.']);
  expect(judge(lab.input({ skipped: 'no routing daemon', blocked: 'the replicator died' })).verdict).toBe('blocked');
});
