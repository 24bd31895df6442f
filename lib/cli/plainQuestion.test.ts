import { expect, test } from '@playwright/test';
import { isPlainQuestion } from './plainQuestion.js';

const BOTH = ['judge', 'leaf-a=A.pcap', 'leaf-b=B.pcap'];

test('captures by a profile that is built in are a plain question', () => {
  expect(isPlainQuestion([...BOTH, '--hosts', 'auto'])).toBe(true);
  expect(isPlainQuestion(['judge', '--host', 'x', '--json', '--verbose', '--profile', 'ovs-group', 'A', '-'])).toBe(
    true,
  );
});

for (const [what, args] of [
  ['another command', ['run', 'A', 'B']],
  ['evidence', ['judge', 'folder']],
  ['one capture and an option', ['judge', 'A', '--host', 'B']],
  ['a profile of a file', [...BOTH, '--profile', 'own.yaml']],
  ['a profile of a config', [...BOTH, '--profile', 'own']],
  ['a profile without a name', [...BOTH, '--profile']],
  ['a page', [...BOTH, '--report', 'x.html']],
  ['a merged capture', [...BOTH, '--pcapng', 'x']],
  ['an explanation', [...BOTH, '--explain', 'leaf-a#1']],
  ['an option in one word', [...BOTH, '--profile=own.yaml']],
  ['help', ['judge', '--help']],
] as const)
  test(`${what} is none`, () => {
    expect(isPlainQuestion(args)).toBe(false);
  });
