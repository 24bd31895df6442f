import { expect, test } from '@playwright/test';
import { HOST, judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

/** Half a minute of a host that asks; `leaves` says who hears a round. */
function asks(leaves: (round: number) => readonly number[], of = 2): MadeCaptures {
  const captures = makeCaptures(of);
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++) {
    const at = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    for (const leaf of leaves(round))
      captures.see(leaf, at + leaf * 20 * US, plainFrame('arp-request-broadcast', { variation: round + 1 }));
  }
  return captures;
}

/** LACPDUs of the host's ports, one a second. */
function lacp(captures: MadeCaptures, portOf: (leaf: number) => number, leaves: number): void {
  for (let i = 1; i < 30; i++)
    for (let leaf = 0; leaf < leaves; leaf++)
      captures.see(leaf, i * SECOND + leaf * 300 * US, plainFrame('lacpdu', { host: 1, variation: portOf(leaf) }));
}

test('one capture for two leaves proves nothing, whatever it is called', () => {
  const [a = new Uint8Array(0)] = asks(() => [0]).files();
  const { judgement } = judgeFiles([a, Uint8Array.from(a)]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual([
    'Every copy has the very same time stamp on leaf-a and leaf-b: they were taken on one port, or one is a copy of the other.',
  ]);
});

test('two of three captures of one port are told, also where they began apart', () => {
  const captures = asks(() => [0, 2], 3);
  const [a = new Uint8Array(0), , c = new Uint8Array(0)] = captures.files();
  const second = 24 + 16 + new DataView(a.buffer, a.byteOffset).getUint32(24 + 8, true);
  const { judgement } = judgeFiles([a, c, Buffer.concat([a.subarray(0, 24), a.subarray(second)])]);
  expect(judgement.reasons).toEqual([expect.stringContaining('the very same time stamp on leaf-a and leaf-c')]);
});

test('a few copies may have one time stamp by chance', () => {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let i = 1; i < 8; i++)
    for (const leaf of [0, 1])
      captures.see(leaf, i * 2 * SECOND + i * i * MS, plainFrame('arp-request-broadcast', { variation: i }));
  expect(judgeFiles(captures.files()).judgement.verdict).toBe('pass');
});

test('a LACPDU is of one port: captures that share one are of one port', () => {
  for (const hosts of [[HOST], ['02:00:00:00:01:01', HOST]]) {
    const two = asks(() => [0, 1]);
    lacp(two, (leaf) => leaf, 2);
    expect(judgeFiles(two.files(), { hosts }).judgement.verdict).toBe('pass');
    const one = asks(() => [0, 1]);
    lacp(one, () => 7, 2);
    const { judgement } = judgeFiles(one.files(), { hosts });
    expect(judgement.verdict).toBe('inconclusive');
    const text =
      "A.pcap and B.pcap hold the same LACPDU, which is a port's own: either both were taken on one port, or the host copies its LACPDUs";
    expect(judgement.certificates).toMatchObject({
      'leaf-a': { valid: false, problems: [text] },
      'leaf-b': { valid: false, problems: [text] },
    });
  }
});

test('of three captures only those that share a LACPDU prove nothing', () => {
  const captures = asks((round) => (round % 2 === 0 ? [0, 1, 2] : [0, 1]), 3);
  lacp(captures, (leaf) => (leaf === 2 ? 0 : leaf), 3);
  const { judgement } = judgeFiles(captures.files());
  expect(Object.values(judgement.certificates).map(({ valid }) => valid)).toEqual([false, true, false]);
});
