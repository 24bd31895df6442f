import { expect, test } from '@playwright/test';
import { HOST, judgeFiles, makeCaptures, plainFrame, SECOND } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';

test('hosts are found by their neighbor frames, and nobody else is judged', () => {
  const captures = minute();
  for (let i = 0; i < 40; i++) captures.all((2 + i) * SECOND, plainFrame('data-tcp', { host: 77, variation: i }));
  const { judgement, hosts } = judgeFiles(captures.files(AHEAD), { hosts: [], isAuto: true });
  expect(judgement.verdict).toBe('pass');
  expect(hosts).toEqual([{ mac: '02:00:00:00:01:0a', name: '02:00:00:00:01:0a' }]);
  captures.all(50 * SECOND, plainFrame('arp-request-broadcast', { host: 77 }));
  const more = judgeFiles(captures.files(AHEAD), { hosts: [], isAuto: true });
  expect(more.hosts.map((host) => host.mac)).toEqual(['02:00:00:00:01:0a', '02:00:00:00:01:4d']);
  expect(signatures(more.judgement)).toEqual(['data-replicated']);
});

test('hosts that are not named are counted, not judged', () => {
  const captures = minute();
  for (let i = 0; i < 40; i++) captures.see(0, (2 + i) * SECOND, plainFrame('arp-request-broadcast', { host: 77 }));
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(judgement.verdict).toBe('pass');
  expect(judgement.background).toMatchObject({
    'arp-request-broadcast': { 'leaf-a': 40, 'leaf-b': 0 },
    lldp: { 'leaf-a': 2, 'leaf-b': 2 },
  });
});

test('data alone, each frame once, says nothing about neighbor frames: no pass', () => {
  const captures = makeCaptures(2);
  captures.alive(0, 60 * SECOND);
  for (let i = 1; i < 50; i++) captures.see(i % 2, i * SECOND, plainFrame('data-udp', { variation: i }));
  const { judgement } = judgeFiles(captures.files([(at: number) => at, (at: number) => at]), { isSharedClock: true });
  expect(judgement.totals.dataFrames).toBeGreaterThan(0);
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['nothing-judged']);
});

test('a host that was asked for and never heard is no pass; one that stands in a list is noted', () => {
  const silent = '02:00:00:00:07:07';
  const files = minute().files(AHEAD);
  const asked = judgeFiles(files, { hosts: [HOST, silent], asked: [HOST, silent] }).judgement;
  expect(asked.verdict).toBe('inconclusive');
  expect(asked.reasons).toEqual([
    `No neighbor frame of ${silent} was on any capture, in the time that all of them share: nothing is known about it.`,
  ]);
  const listed = judgeFiles(files, {
    hosts: [HOST, silent],
    names: new Map([
      [HOST, 'web1'],
      [silent, 'web2'],
    ]),
  }).judgement;
  expect(listed.verdict).toBe('pass');
  expect(listed.findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([
    'note: No neighbor frame of web2 was on any capture, in the time that all of them share: nothing is known about it.',
  ]);
});
