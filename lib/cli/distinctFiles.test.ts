import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { UserError } from '../userError.js';
import { requireDistinctFiles } from './distinctFiles.js';

const given = (...files: readonly string[]) => files.map((file) => ({ file }));

test('one file for two leaves, and an output over a capture, are refused under whatever name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-distinct-'));
  try {
    const [a, b, link, hard] = ['a.pcap', 'b.pcap', 'link.pcap', 'hard.pcap'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    for (const file of [a, b]) writeFileSync(file, 'x');
    symlinkSync(a, link);
    linkSync(a, hard);
    const out = join(folder, 'out.html');
    expect(() => requireDistinctFiles(given(a, b, '-'), [out])).not.toThrow();
    const ofSession = (id: number) => ({ file: a, selection: { by: 'session', id, source: null } }) as const;
    expect(() => requireDistinctFiles([ofSession(1), ofSession(2)], [])).not.toThrow();
    expect(() => requireDistinctFiles([ofSession(1), ofSession(1)], [])).toThrow(`${a} is given twice`);
    expect(() => requireDistinctFiles([ofSession(1), { file: a }], [])).toThrow(`${a} is given twice`);
    expect(() => requireDistinctFiles([{ file: a }, ofSession(1)], [])).toThrow(`${a} is given twice`);
    expect(() => requireDistinctFiles(given(a, join(folder, 'none.pcap')), [])).not.toThrow();
    expect(() => requireDistinctFiles(given(a, a), [])).toThrow(`${a} is given twice`);
    for (const other of [link, hard])
      expect(() => requireDistinctFiles(given(a, other), [])).toThrow('are the same file');
    for (const over of [a, link, hard])
      expect(() => requireDistinctFiles(given(a, b), [over])).toThrow('would be overwritten');
    expect(() => requireDistinctFiles(given(a, b), [out, out])).toThrow('cannot be written twice');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a name that leads nowhere is an error of the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-distinct-'));
  try {
    const loop = join(folder, 'loop.pcap');
    symlinkSync(loop, loop);
    const long = join(folder, 'x'.repeat(300));
    for (const path of [loop, long]) {
      expect(() => requireDistinctFiles(given(path), [])).toThrow(UserError);
      expect(() => requireDistinctFiles(given(), [path])).toThrow(`${path} cannot be looked at: `);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
