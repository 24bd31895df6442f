import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';

test('further copies of what came before the window are not those of a frame that is kept in their place', () => {
  const captures = makeCaptures();
  captures.see(0, 0, plainFrame('lldp', { host: 99 }));
  // Entries 0 to 199, before leaf-b captures: a stranger's, each twice.
  for (let i = 0; i < 200; i++)
    for (const again of [0, 400 * US])
      captures.see(0, 10 * MS + i * 20 * MS + again, plainFrame('ns-unicast', { host: 77, variation: i + 1 }));
  captures.alive(6 * SECOND, 60 * SECOND);
  // The ring of 1,024 entries comes round amid announcements, five at once on each leaf.
  for (let i = 0; i < 1_200; i++) {
    const at = 7 * SECOND + i * 40 * MS + ((i * 13) % 11) * MS;
    const isBurst = i > 700 && i % 3 === 0;
    for (let again = 0; again < (isBurst ? 5 : 1); again++)
      captures.all(at + again * 90 * US, plainFrame(isBurst ? 'garp-request' : 'ns-unicast', { variation: i + 1 }));
  }
  const { totals, verdict } = judgeFiles(captures.files()).judgement;
  expect(totals).toMatchObject({ missing: 0, duplicate: 0 });
  expect(verdict).toBe('inconclusive');
});
