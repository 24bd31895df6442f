import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { openJournal, putJournalAside, readJournal, type NewEntry } from './journal.js';
import { parseJournal } from './journalText.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-journal-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const entry = (port: string): NewEntry => ({
  run: 'a test',
  machine: 'leafa',
  what: `${port} down`,
  undo: [['ip', 'link', 'set', 'dev', port, 'up']],
  guard: null,
});

test('a change is open until its undo was witnessed, over restarts', ({ folder }) => {
  expect(readJournal(join(folder, 'nowhere'))).toMatchObject({ open: [], closed: [], damaged: [] });
  const first = openJournal(folder);
  const [a, b] = [first.begin(entry('swp1')), first.begin(entry('swp2'))];
  first.end(a, 'undone');
  first[Symbol.dispose]();
  const second = openJournal(folder);
  expect(readJournal(folder)).toMatchObject({
    open: [{ begin: b, what: 'swp2 down' }],
    closed: [{ begin: a }],
    damaged: [],
  });
  second.end(b, 'repaired');
  second[Symbol.dispose]();
  expect(readJournal(folder).open).toEqual([]);
});

test('a line that was being written when we were killed is no line, at whatever byte', ({ folder }) => {
  using journal = openJournal(folder);
  journal.begin(entry('swp1'));
  const file = join(folder, 'faults.jsonl');
  const whole = readFileSync(file);
  journal.begin(entry('swp2'));
  const both = readFileSync(file);
  for (let bytes = whole.length; bytes < both.length; bytes++)
    expect(parseJournal(both.subarray(0, bytes)), String(bytes)).toMatchObject({
      open: [{ what: 'swp1 down' }],
      damaged: [],
      wholeBytes: whole.length,
    });
  writeFileSync(file, both.subarray(0, both.length - 9));
  using again = openJournal(folder);
  again.begin(entry('swp3'));
  expect(readJournal(folder)).toMatchObject({ open: [{ what: 'swp1 down' }, { what: 'swp3 down' }], damaged: [] });
});

test('a line that is damaged is told of, and the others count', ({ folder }) => {
  using journal = openJournal(folder);
  const id = journal.begin(entry('swp1'));
  const begun = readFileSync(join(folder, 'faults.jsonl'), 'utf8');
  const end = (of: string) => `{"v":1,"end":"${of}","at":"now","how":"undone"}\n`;
  const lines = [
    '\u0000\u00ff',
    '{',
    '[]',
    '{"v":2}',
    begun.trim(),
    end('0123456789abcdef').trim(),
    'x'.repeat(70_000),
  ];
  appendFileSync(join(folder, 'faults.jsonl'), `${lines.join('\n')}\n`);
  journal.begin(entry('swp2'));
  const { open, damaged } = readJournal(folder);
  expect(open.map(({ what }) => what)).toEqual(['swp1 down', 'swp2 down']);
  expect(damaged.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  appendFileSync(join(folder, 'faults.jsonl'), end(id));
  expect(readJournal(folder).open.map(({ what }) => what)).toEqual(['swp2 down']);
  putJournalAside(folder, new Date('2026-01-02T03:04:05Z'));
  expect(readdirSync(folder)).toEqual(['faults-2026-01-02T03-04-05.000Z.jsonl']);
  expect(readJournal(folder).damaged).toEqual([]);
});
