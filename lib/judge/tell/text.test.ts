import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND } from '../testing/captures.js';
import { makeLab, times } from '../testing/lab.js';
import { judge } from '../judge.js';
import { judgementText } from './text.js';

test('who reads a verdict is told how much time was judged', () => {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    captures.all(
      500 * MS + round * SECOND + (round % 7) * 11 * MS,
      plainFrame('arp-request-broadcast', { variation: round + 1 }),
    );
  expect(judgementText(judgeFiles(captures.files()).judgement)).toContain('\ntime judged: 31 s\n');
  expect(judgementText(judgeFiles([new Uint8Array(0), new Uint8Array(0)]).judgement)).not.toContain('time judged');
});

test('so is who reads that of a lab', () => {
  const made = makeLab();
  times(3, () => {
    made.deliver(made.send('arp-request-broadcast'));
  });
  expect(judgementText(judge(made.input()))).toContain('\ntime judged: 10 s\n');
});
