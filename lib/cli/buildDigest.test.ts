import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildDigest } from './buildDigest.js';

test('a build is named by the files that it runs, and by nothing that only a checkout has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-build-'));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  try {
    write('dist/lib/a/b.js', 'one');
    write('dist/lib/read/reader.wasm', 'two');
    write('reports/page/page.css', 'three');
    const first = buildDigest(folder);
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const path of [
      'dist/lib/a/b.js.map',
      'dist/lib/a/b.d.ts',
      'dist/lib/a/b.test.js',
      'dist/lib/a/testing/help.js',
      'dist/lib/fuzz/main.js',
      'dist/lib/bundle/everyleaf.js',
      'dist/bench/main.js',
      'reports/page/testing/help.js',
    ])
      write(path, 'more');
    expect(buildDigest(folder)).toBe(first);
    const seen = new Set([first]);
    for (const [path, content] of [
      ['dist/lib/a/b.js', 'another'],
      ['dist/lib/read/reader.wasm', 'another'],
      ['reports/page/page.css', 'another'],
      ['dist/lib/a/c.mjs', ''],
    ] as const) {
      write(path, content);
      seen.add(buildDigest(folder));
    }
    renameSync(join(folder, 'dist/lib/a/c.mjs'), join(folder, 'dist/lib/a/d.mjs'));
    seen.add(buildDigest(folder));
    expect(seen.size).toBe(6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('this everyleaf has a build', () => {
  expect(buildDigest()).toMatch(/^sha256:[0-9a-f]{64}$/);
});
