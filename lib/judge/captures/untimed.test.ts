import { expect, test } from '@playwright/test';
import { ngBlocks } from '../../pcap/testing/captures.js';
import { HOST, judgeFiles, MS, plainFrame, SECOND, US } from '../testing/captures.js';

const START_SECONDS = 1_760_000_000;
const MICROS = 1_000_000;

/** A frame each 100 ms; before `from`, ns, none. */
function capture(from: number, offset: number, first: readonly number[] = []): Uint8Array {
  const ng = ngBlocks(false);
  const at = (ns: number): bigint => BigInt(START_SECONDS * MICROS + Math.round((ns + offset) / US));
  return Uint8Array.from([
    ...ng.section(),
    ...ng.iface(1),
    ...first,
    ...Array.from({ length: 100 }, (_, i) => i)
      .filter((i) => i * 100 * MS >= from)
      .flatMap((i) => [...ng.enhanced(0, at(i * 100 * MS), plainFrame('arp-request-broadcast', { variation: i }))]),
  ]);
}

test('a frame without a time proves nothing: nobody knows since when its capture was alive', () => {
  const lldp = plainFrame('lldp', { host: 99 });
  const untimed = ngBlocks(false).simple(lldp.length, lldp);
  const [a, late] = [capture(0, 0), capture(3 * SECOND, 20 * US)];
  expect(judgeFiles([a, late]).judgement.verdict).toBe('pass');
  const { verdict, reasons } = judgeFiles([a, capture(3 * SECOND, 20 * US, [...untimed])], {
    hosts: [HOST],
  }).judgement;
  expect(reasons.join()).toContain('1 frame of B.pcap has no time stamp');
  expect(verdict).toBe('inconclusive');
});
