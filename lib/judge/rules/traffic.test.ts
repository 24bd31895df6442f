import { expect, test } from '@playwright/test';
import type { TrafficHistory } from '../../evidence/types.js';
import { trafficFindings } from './traffic.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number): string => String(OPEN + BigInt(ms * 1e6));
/** ns. */
const BEFORE = 50e6;
const IP = '198.51.100.11';

function traffic(lostMs: readonly number[], changes: Partial<TrafficHistory> = {}): TrafficHistory {
  return {
    client: 'client',
    fromNs: at(0),
    toNs: at(5_000),
    streams: [{ receiver: 'vm1', ip: IP, flows: 8, sent: 1_000, duplicates: 0, lostNs: lostMs.map(at) }],
    routes: [{ atNs: at(0), ip: IP, leaves: ['leaf-a', 'leaf-b'] }],
    wanted: [IP],
    outages: [],
    ...changes,
  };
}

test('a stream without loss has nothing to say', () => {
  expect(trafficFindings(traffic([]), BEFORE)).toEqual([]);
});

test('loss while nothing was changed fails, with when and how much', () => {
  expect(trafficFindings(traffic([1_200, 1_300]), BEFORE)[0]).toMatchObject({
    signature: 'traffic-lost',
    verdict: 'fail',
    count: 2,
    of: 1_000,
    sentence:
      'client lost 2 of 1000 packets to vm1 (198.51.100.11) outside of every planned outage: the first 1.2 s into the stream, the last 1.3 s.',
  });
});

test('a packet that came twice fails, whatever was changed meanwhile', () => {
  const [stream] = traffic([]).streams;
  const outages = [{ what: 'leaf-b was switched off', fromNs: at(0), toNs: at(5_000) }];
  expect(
    trafficFindings(
      traffic([], { streams: stream === undefined ? [] : [{ ...stream, duplicates: 2 }], outages }),
      BEFORE,
    )[0],
  ).toMatchObject({
    property: 'P4',
    signature: 'data-replicated',
    verdict: 'fail',
    sender: 'vm1',
    count: 2,
    of: 1_000,
    sentence: '2 packets from client to vm1 (198.51.100.11) came more than once: each of 1000 was sent once.',
  });
});

test('loss within a planned outage is measured, not judged', () => {
  const outages = [{ what: 'leaf-a down', fromNs: at(2_000), toNs: at(3_000) }];
  expect(
    trafficFindings(traffic([2_010, 2_040], { outages }), BEFORE).map(({ signature, verdict, sentence }) => [
      signature,
      verdict,
      sentence,
    ]),
  ).toEqual([['traffic', 'note', 'leaf-a down: client lost 2 packets, the last of them sent 40 ms after it began.']]);
  expect(trafficFindings(traffic([3_001], { outages }), BEFORE)[0]?.signature).toBe('traffic-lost');
});

test('a route that a leaf does not announce at the end is missing', () => {
  const routes = [
    { atNs: at(0), ip: IP, leaves: ['leaf-a', 'leaf-b'] },
    { atNs: at(1_100), ip: IP, leaves: ['leaf-a'] },
  ];
  expect(trafficFindings(traffic([], { routes }), BEFORE)[0]).toMatchObject({
    signature: 'route-missing',
    leaf: 'leaf-b',
    sentence:
      'At the end leaf-b does not announce a host route for 198.51.100.11: withdrawn 1.1 s into the stream, after leaf-a and leaf-b had announced it.',
  });
  expect(trafficFindings(traffic([], { routes: [] }), BEFORE)[0]?.sentence).toBe(
    'No leaf ever announced a host route for 198.51.100.11 to the spine.',
  );
});

test('a client that sent nothing shows nothing', () => {
  const streams = [{ receiver: 'vm1', ip: IP, flows: 8, sent: 0, duplicates: 0, lostNs: [] }];
  expect(trafficFindings(traffic([], { streams }), BEFORE).map(({ verdict }) => verdict)).toEqual(['inconclusive']);
});

test('what was on its way when a planned outage began is part of it', () => {
  const outages = [{ what: 'leaf-a down', fromNs: at(2_000), toNs: at(3_000) }];
  expect(trafficFindings(traffic([1_960], { outages }), BEFORE).map(({ verdict, count }) => [verdict, count])).toEqual([
    ['note', 1],
  ]);
  expect(trafficFindings(traffic([1_940], { outages }), BEFORE)[0]?.signature).toBe('traffic-lost');
});
