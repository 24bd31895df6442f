import { expect, test } from '@playwright/test';
import type { TrafficHistory } from '../../evidence/types.js';
import { trafficSvg } from './trafficSvg.js';

const START = 1_760_000_000_000_000_000n;
const at = (ms: number): string => String(START + BigInt(ms) * 1_000_000n);
const IP = '198.51.100.11';
const traffic: TrafficHistory = {
  client: 'client',
  fromNs: at(0),
  toNs: at(2_000),
  streams: [
    { receiver: 'vm1', ip: IP, flows: 16, sent: 200, duplicates: 0, lostNs: [at(1_010), at(1_020), at(1_510)] },
  ],
  routes: [
    { atNs: at(-100), ip: IP, leaves: ['leaf-a', 'leaf-b'] },
    { atNs: at(1_000), ip: IP, leaves: ['leaf-a'] },
  ],
  wanted: [IP],
  outages: [{ what: 'leaf-a went down', fromNs: at(1_500), toNs: at(1_600) }],
};
const count = (text: string, part: string): number => text.split(part).length - 1;

test('missing copy, lost entry, withdrawn route and lost packets stand on one axis', () => {
  const { markup } = trafficSvg({
    traffic,
    leaves: ['leaf-a', 'leaf-b'],
    neighbors: {
      fromNs: at(0),
      toNs: at(2_000),
      periodNs: 3e8,
      watched: [],
      events: [
        { atNs: at(990), leaf: 'leaf-b', ip: IP, state: 'FAILED' },
        { atNs: at(500), leaf: 'leaf-b', ip: IP, state: 'STALE' },
      ],
    },
    deliveries: [
      {
        probe: 1,
        kind: 'arp-reply-unicast',
        sender: 'vm1',
        group: 'stack',
        form: 'tagged',
        duty: 'replicated',
        sentNs: at(300),
        verdict: 'fail',
        skewNs: null,
        leaves: { 'leaf-a': { outcome: 'delivered', copies: [] }, 'leaf-b': { outcome: 'missing', copies: [] } },
      },
    ],
  });
  expect(count(markup, 'class="missing-copy"')).toBe(1);
  expect(markup).toContain(`leaf-b lost its entry for ${IP}`);
  expect(count(markup, '×')).toBe(1);
  // Over leaf-a from before the stream to its end; over leaf-b until half of it.
  const routes = [...markup.matchAll(/class="route" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  expect(routes).toEqual([
    [190, 1_026],
    [190, 513],
  ]);
  expect(count(markup, 'class="lost"')).toBe(2);
  expect(markup).toContain('up to 2 in 100 ms');
  expect(markup).toContain('<title>leaf-a went down</title>');
  expect(markup).toContain('aria-label="3 packets lost');
});

test('names are text, whatever they are', () => {
  expect(
    trafficSvg({ traffic: { ...traffic, client: '<b>' }, neighbors: undefined, deliveries: [], leaves: ['<i>'] })
      .markup,
  ).not.toMatch(/<b>|<i>/);
});
