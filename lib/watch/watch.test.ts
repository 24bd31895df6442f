import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { HOST, plainFrame } from '../judge/testing/captures.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { createWatchMetrics } from './metrics.js';
import { verdictOf } from './summary.js';
import { growingCapture } from './testing/growingCapture.js';
import { watch, type WatchOptions } from './watch.js';
import type { WatchLine } from './lines.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-watched-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const STRANGER = '02:00:00:00:01:63';

/** Half a minute of one host on both leaves; nothing comes after it. */
function written(folder: string): readonly string[] {
  const files = ['A.pcap', 'B.pcap'].map((name) => join(folder, name));
  for (const [leaf, file] of files.entries()) {
    using capture = growingCapture(file);
    for (let i = 0; i < 300; i++)
      capture.write(plainFrame('arp-request-unicast', { variation: i }), 1_760_000_000_000 + i * 100 + leaf * 0.05);
  }
  return files;
}

/** Watches these, and ends when `until` holds of a line. */
async function watched(
  files: readonly string[],
  until: (line: WatchLine) => boolean,
  options: Partial<WatchOptions> = {},
) {
  const abort = new AbortController();
  const lines: WatchLine[] = [];
  const leaves = ['leaf-a', 'leaf-b'];
  const summary = await watch({
    captures: files.map((file, i) => ({ leaf: leaves[i] ?? '', file })),
    window: {
      seconds: 10,
      judging: { profile: DEFAULT_PROFILE, hosts: new Map(), isAuto: true, gateways: [], isSharedClock: false },
    },
    profile: DEFAULT_PROFILE,
    metrics: createWatchMetrics(leaves),
    report: null,
    command: 'everyleaf watch',
    signal: abort.signal,
    asked: new Map(),
    mustLast: false,
    tell(line) {
      lines.push(line);
      if (until(line)) abort.abort();
    },
    ...options,
  });
  return { summary, lines };
}

test('what is still on its way when another capture has ended is read: it is of the same time', async ({ folder }) => {
  const [a = '', b = ''] = written(folder).map((file) => readFileSync(file));
  const pipes = ['a', 'b'].map((name) => join(folder, name));
  execFileSync('mkfifo', pipes);
  const half = Math.floor(b.length / 2);
  const [toA, toB] = pipes.map((pipe) => createWriteStream(pipe));
  toA?.end(a);
  toB?.write(b.slice(0, half));
  const { summary } = await watched(pipes, () => false, {
    tell(line) {
      if (line.type === 'note' && line.text === 'the capture of leaf-a has ended') toB?.end(b.slice(half));
    },
  });
  expect(verdictOf(summary)).toBe('pass');
  expect(summary.totals.probes).toBeGreaterThan(290);
});

const isWindow = ({ type }: WatchLine) => type === 'window';

test('captures that are still alive when it ends pass for the time that was judged', async ({ folder }) => {
  const { summary } = await watched(written(folder), isWindow);
  expect(summary.reasons).toEqual([]);
  expect(verdictOf(summary)).toBe('pass');
});

test('a capture that went silent is told, and nothing passes where it stayed so', async ({ folder }) => {
  let isHeard = false;
  const { summary, lines } = await watched(
    written(folder),
    (line) => {
      // On a busy machine nothing may come for a while before anything does.
      isHeard ||= isWindow(line);
      return isHeard && line.type === 'note' && line.text.startsWith('nothing came from leaf-b');
    },
    { silenceMs: 100 },
  );
  expect(lines.filter(isWindow)).not.toEqual([]);
  expect(verdictOf(summary)).toBe('inconclusive');
  expect(summary.reasons.map(({ reason }) => reason).join('\n')).toContain('Nothing came from leaf-b any more');
});

test('a host that was asked for must be heard, once in all', async ({ folder }) => {
  const files = written(folder);
  expect(verdictOf((await watched(files, isWindow, { asked: new Map([[HOST, 'web']]) })).summary)).toBe('pass');
  const { summary } = await watched(files, isWindow, { asked: new Map([[STRANGER, 'db']]) });
  expect(verdictOf(summary)).toBe('inconclusive');
  expect(summary.reasons).toEqual([
    { reason: 'No neighbor frame of db was on any capture: nothing is known about it.', windows: 0 },
  ]);
});

test('what goes wrong while judging ends the watch, also where no capture grows any more', async ({ folder }) => {
  const broken = watched(written(folder), () => false, {
    tell(line) {
      if (isWindow(line)) throw new Error('nobody reads');
    },
  });
  await expect(broken).rejects.toThrow('nobody reads');
});

test('a file that never came is told as that', async ({ folder }) => {
  const [a = ''] = written(folder);
  const isWaited = (line: WatchLine) => line.type === 'note' && line.text.startsWith('waiting for');
  await expect(watched([a, join(folder, 'none.pcap')], isWaited)).rejects.toThrow(
    'none.pcap of leaf-b never came, so that nothing could be judged',
  );
});

test('a file whose name is gone was there: what was read of it is judged', async ({ folder }) => {
  const files = written(folder);
  const abort = new AbortController();
  const metrics = createWatchMetrics(['leaf-a', 'leaf-b']);
  const heard = new Set<string>();
  const { summary } = await watched(files, () => false, {
    window: {
      seconds: 3_600,
      judging: { profile: DEFAULT_PROFILE, hosts: new Map(), isAuto: true, gateways: [], isSharedClock: false },
    },
    signal: abort.signal,
    metrics: {
      ...metrics,
      heard(leaf) {
        heard.add(leaf);
        if (heard.size < 2) return;
        for (const file of files) rmSync(file, { force: true });
        abort.abort();
      },
    },
  });
  expect(verdictOf(summary)).toBe('pass');
});
