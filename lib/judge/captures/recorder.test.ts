import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';

test('a copy whose destination differs in any one bit is altered', () => {
  for (let bit = 0; bit < 48; bit++) {
    const captures = makeCaptures();
    captures.alive(0, 31 * SECOND);
    for (let round = 0; round < 10; round++)
      captures.all(
        500 * MS + round * SECOND + (round % 7) * 11 * MS,
        plainFrame('arp-request-broadcast', { variation: round + 1 }),
      );
    // Not a broadcast, which is a kind of its own.
    const frame = plainFrame('arp-request-unicast', { variation: 77 });
    const other = Uint8Array.from(frame);
    const byte = bit >> 3;
    other[byte] = (other[byte] ?? 0) ^ (1 << (bit & 7));
    captures.see(0, 20 * SECOND, frame);
    captures.see(1, 20 * SECOND + 30 * US, other);
    expect({ bit, altered: judgeFiles(captures.files()).judgement.totals.altered }).toEqual({ bit, altered: 1 });
  }
});
