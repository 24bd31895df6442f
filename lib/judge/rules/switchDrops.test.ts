import { expect, test } from '@playwright/test';
import { judge } from '../judge.js';
import { doubtful } from './switchDrops.js';
import { makeLab, MS } from '../testing/lab.js';
import type { Finding, Signature } from '../types.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number): string => String(OPEN + BigInt(ms * MS));
const finding = (
  signature: Signature,
  probes: readonly number[] = [],
  verdict: Finding['verdict'] = 'fail',
): Finding => ({ property: 'P1', signature, verdict, count: probes.length, probes, sentence: '' });
const verdicts = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ signature, verdict }) => `${signature} ${verdict}`);

test('as many missing probes as the switch of the host lost frames are inconclusive, one more fails', () => {
  const lab = makeLab();
  lab.send('arp-reply-unicast');
  lab.deliver(lab.send('arp-reply-unicast'));
  const host = lab.topology.host.node;
  expect(judge(lab.input()).verdict).toBe('fail');
  const once = judge(lab.input({ switchDrops: [{ node: host, dropped: 1 }] }));
  expect(once.verdict).toBe('inconclusive');
  expect(once.reasons.join(' ')).toContain(`the switch of ${host} lost 1 frame before it read it`);
  lab.send('arp-reply-unicast');
  expect(judge(lab.input({ switchDrops: [{ node: host, dropped: 1 }] })).verdict).toBe('fail');
  // The leaf's tap saw each frame before the leaf's switch could lose it.
  expect(judge(lab.input({ switchDrops: [{ node: 'leaf-b', dropped: 50 }] })).verdict).toBe('fail');
});

test('no pass where the switch of the host lost frames; what a leaf lost behind its tap takes nothing away', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  const host = lab.topology.host.node;
  expect(
    judge(
      lab.input({
        switchDrops: [
          { node: host, dropped: 0 },
          { node: 'leaf-a', dropped: 9 },
        ],
      }),
    ).verdict,
  ).toBe('pass');
  expect(judge(lab.input({ switchDrops: [{ node: host, dropped: 2 }] })).verdict).toBe('inconclusive');
});

test('what came too often, or where it must not, fails whatever was lost', () => {
  const all = (['duplicate', 'reflection', 'data-replicated', 'identity', 'copy-to-dead-leg'] as const).map(
    (signature) => finding(signature, [1]),
  );
  expect(verdicts(doubtful(all, ['host'], [{ node: 'host', dropped: 100 }], undefined))).toEqual([
    ...verdicts(all),
    'drops inconclusive',
  ]);
});

test('data that no leaf has is counted together with what is missing', () => {
  const both = [finding('missing', [1, 2]), finding('missing', [2]), finding('data-lost', [3])];
  const host = (dropped: number) => verdicts(doubtful(both, ['host'], [{ node: 'host', dropped }], undefined));
  expect(host(2)).toEqual([...verdicts(both), 'drops inconclusive']);
  expect(host(3)).toEqual([
    'missing inconclusive',
    'missing inconclusive',
    'data-lost inconclusive',
    'drops inconclusive',
  ]);
});

test('tables, routes and a stream are in doubt whichever switch lost a frame, and a stream where its receiver did', () => {
  const all = (['table-lost', 'route-missing', 'traffic-lost'] as const).map((signature) => finding(signature));
  expect(verdicts(doubtful(all, ['host'], [{ node: 'leaf-a', dropped: 1 }], undefined))).toEqual([
    'table-lost inconclusive',
    'route-missing inconclusive',
    'traffic-lost inconclusive',
    'drops inconclusive',
  ]);
  const traffic = {
    client: 'client',
    fromNs: at(0),
    toNs: at(1),
    streams: [],
    routes: [],
    wanted: [],
    outages: [],
    receiverDrops: [{ node: 'vm1', dropped: 3 }],
  };
  const said = doubtful(all, ['host'], [{ node: 'host', dropped: 0 }], traffic);
  expect(verdicts(said)).toEqual([
    'table-lost fail',
    'route-missing fail',
    'traffic-lost inconclusive',
    'drops inconclusive',
  ]);
  expect(said.at(-1)?.sentence).toBe(
    'The machine was too busy: vm1 had no room for 3 packets that reached it. What did not come may be that.',
  );
  expect(doubtful(all, ['host'], [], undefined)).toBe(all);
});

test('what the switch of a second host lost explains frames that did not come, too', () => {
  const all = [finding('missing', [1, 2])];
  const drops = [
    { node: 'host', dropped: 0 },
    { node: 'host-2', dropped: 100 },
  ];
  expect(verdicts(doubtful(all, ['host', 'host-2'], drops, undefined))).toEqual(
    verdicts(doubtful(all, ['host'], [{ node: 'host', dropped: 100 }], undefined)),
  );
  expect(verdicts(doubtful(all, ['host'], drops, undefined))).toEqual(verdicts(all));
});
