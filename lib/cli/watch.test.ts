import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import { plainFrame } from '../judge/testing/captures.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { WatchLine } from '../watch/lines.js';
import { growingCapture } from '../watch/testing/growingCapture.js';

const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');

/** Of the test that runs. */
const started: ChildProcess[] = [];

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-cli-'));
    await use(folder);
    // A test that gave up leaves its watch waiting for captures that no longer grow.
    for (const child of started.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  },
});

interface Watching {
  /** The next line for which this holds. */
  until(what: (line: WatchLine) => boolean): Promise<WatchLine>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code or signal, once it has ended, and its last line. */
  end(): Promise<{ readonly code: number | string | null; readonly last: unknown }>;
}

function startWatch(folder: string, args: readonly string[]): Watching {
  const child = spawn(process.execPath, [MAIN, 'watch', ...args, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const seen: WatchLine[] = [];
  let wake: () => void = () => undefined;
  createInterface({ input: child.stdout }).on('line', (text) => {
    seen.push(JSON.parse(text) as WatchLine);
    wake();
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => {
      resolve(signal ?? code);
    }),
  );
  let at = 0;
  return {
    async until(what) {
      for (;;) {
        for (; at < seen.length; at++) {
          const line = seen[at];
          if (line !== undefined && what(line)) return line;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    kill: (signal) => child.kill(signal),
    end: async () => ({ code: await ended, last: seen.at(-1) }),
  };
}

/** Traffic of one host on both leaves, from some seconds ago until it is disposed of; leaf-b hears it as long as `isWhole`. */
function traffic(folder: string): Disposable & { isWhole: boolean } {
  const [a, b] = ['A.pcap', 'B.pcap'].map((file) => growingCapture(join(folder, file)));
  let i = 0;
  function send(now: number): void {
    i++;
    if (i % 10 === 0)
      for (const [leaf, capture] of [a, b].entries())
        capture?.write(plainFrame('lacpdu', { host: 99, variation: leaf }), now);
    const frame = plainFrame(i % 2 === 0 ? 'arp-request-unicast' : 'ns-unicast', { variation: i });
    a?.write(frame, now);
    if (made.isWhole) b?.write(frame, now + 0.05);
  }
  const made = {
    isWhole: true,
    [Symbol.dispose]() {
      clearInterval(timer);
      a?.[Symbol.dispose]();
      b?.[Symbol.dispose]();
    },
  };
  for (let now = Date.now() - BEFORE_MS; now < Date.now(); now += EVERY_MS) send(now);
  const timer = setInterval(() => {
    send(Date.now());
  }, EVERY_MS);
  return made;
}
/** So that clocks can be measured within a second. */
const EVERY_MS = 50;
/** What is there at the start: a window is judged at once. */
const BEFORE_MS = 12_000;

test('a finding is told while the captures grow, figures are served, and Ctrl-C ends it with its verdict', async ({
  folder,
}) => {
  using sent = traffic(folder);
  const watching = startWatch(folder, [
    'leaf-a=A.pcap',
    'leaf-b=B.pcap',
    '--hosts',
    'auto',
    '--window',
    '10',
    '--metrics',
    '127.0.0.1:0',
    '--report',
    'w.html',
  ]);
  const figures = await watching.until(({ type }) => type === 'note');
  const port = /port (\d+)/.exec(figures.type === 'note' ? figures.text : '')?.[1];
  // A window that is as it should be comes first.
  const first = await watching.until(({ type }) => type === 'window');
  expect(first).toMatchObject({ verdict: 'pass' });
  sent.isWhole = false;
  const told = await watching.until(({ type }) => type === 'finding');
  expect(told).toMatchObject({ isFirst: true, finding: { signature: 'missing', leaf: 'leaf-b' } });
  sent.isWhole = true;
  await watching.until((line) => line.type === 'window' && line.verdict === 'fail');
  const text = await (await fetch(`http://127.0.0.1:${port ?? ''}/metrics`)).text();
  expect(text).toContain('everyleaf_watch_windows_total{verdict="fail"} 1\n');
  expect(text).toMatch(/everyleaf_watch_wrong_total\{leaf="leaf-b",outcome="missing"\} [1-9]/);
  expect(text.endsWith('# EOF\n')).toBe(true);
  watching.kill('SIGINT');
  const { code, last } = await watching.end();
  expect(last).toMatchObject({ type: 'verdict', verdict: 'fail' });
  expect(code).toBe(1);
  const page = readFileSync(join(folder, 'w.html'), 'utf8');
  expect(page).toContain('leaf-b never saw');
  expect(existsSync(join(folder, 'w.html.new'))).toBe(false);
});

test('captures that end are judged to their ends, and say the same as judge', ({ folder }) => {
  const [a, b] = ['A.pcap', 'B.pcap'].map((file) => growingCapture(join(folder, file)));
  for (let i = 0; i < 400; i++) {
    const frame = plainFrame('arp-request-unicast', { variation: i });
    a?.write(frame, 1_760_000_000_000 + i * 100);
    b?.write(frame, 1_760_000_000_000 + i * 100 + 0.05);
  }
  for (const capture of [a, b]) capture?.[Symbol.dispose]();
  const command = `exec '${process.execPath}' '${MAIN}' watch leaf-a=<(cat A.pcap) leaf-b=<(cat B.pcap) --hosts auto --window 10`;
  const run = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect(run.stdout).toMatch(/PASS: Each of 39\d neighbor frames reached both leaves exactly once/);
  expect(run.stdout).toMatch(/windows: \d pass, 0 fail, 0 inconclusive, 0 quiet/);
  expect(run.status).toBe(0);
  // An hour was asked for, and of most of it nothing is known.
  const asked = spawnSync('bash', ['-c', `${command} --for 1h`], { cwd: folder, encoding: 'utf8' });
  expect(asked.stdout).toContain('INCONCLUSIVE');
  expect(asked.stdout).toMatch(/- not proved: the capture of leaf-[ab] has ended/);
  expect(asked.status).toBe(3);
});

test('what is no capture is told as such, and one that is not there yet is waited for', async ({ folder }) => {
  growingCapture(join(folder, 'A.pcap'))[Symbol.dispose]();
  writeFileSync(join(folder, 'B.pcap'), gzipSync('nothing'));
  const args = [MAIN, 'watch', 'leaf-a=A.pcap', 'leaf-b=B.pcap', '--hosts', 'auto'];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).toBe(
    'everyleaf: B.pcap: the content is gzip-compressed\neveryleaf: what is watched must be pcap or pcapng that is not compressed\n',
  );
  expect(run.status).toBe(2);
  rmSync(join(folder, 'B.pcap'));
  const watching = startWatch(folder, ['leaf-a=A.pcap', 'leaf-b=B.pcap', '--hosts', 'auto', '--window', '10']);
  await watching.until((line) => line.type === 'note' && line.text === 'waiting for B.pcap of leaf-b');
  using sent = traffic(folder);
  await watching.until((line) => line.type === 'window' && line.verdict === 'pass');
  expect(sent.isWhole).toBe(true);
  watching.kill('SIGTERM');
  expect((await watching.end()).code).toBe(0);
});

test('a file that is replaced ends the watch, and nothing passes', async ({ folder }) => {
  using sent = traffic(folder);
  const watching = startWatch(folder, ['leaf-a=A.pcap', 'leaf-b=B.pcap', '--hosts', 'auto', '--window', '10']);
  await watching.until((line) => line.type === 'window' && line.verdict === 'pass');
  rmSync(join(folder, 'B.pcap'));
  writeFileSync(join(folder, 'B.pcap'), '');
  await watching.until((line) => line.type === 'note' && line.text.includes('another capture'));
  const { code, last } = await watching.end();
  expect(last).toMatchObject({ verdict: 'inconclusive' });
  expect(code).toBe(3);
  expect(sent.isWhole).toBe(true);
});

const WRONG: readonly (readonly [what: string, args: readonly string[], said: string])[] = [
  ['one capture', ['A.pcap', '--hosts', 'auto'], 'one capture tells nothing about every leaf'],
  ['a folder', ['leaf-a=F', 'leaf-b=B.pcap', '--hosts', 'auto'], 'cannot be followed'],
  ['no hosts', ['A.pcap', 'B.pcap'], 'whose frames must reach every leaf?'],
  ['one file twice', ['leaf-a=A.pcap', 'leaf-b=A.pcap', '--hosts', 'auto'], 'A.pcap'],
  ['figures for all', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--metrics', '0.0.0.0:9464'], 'this machine only'],
  ['no port', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--metrics', '9464'], 'no address and port'],
  ['a window too short', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--window', '1'], 'no number of seconds'],
  ['no duration', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--for', '5'], 'no duration'],
  ['a page that cannot be written', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--report', 'no/w.html'], 'no/w.html'],
];

for (const [what, args, said] of WRONG)
  test(`${what} is refused with what to do`, ({ folder }) => {
    for (const file of ['A.pcap', 'B.pcap']) growingCapture(join(folder, file))[Symbol.dispose]();
    mkdirSync(join(folder, 'F'));
    writeFileSync(join(folder, 'F', 'a.pcap'), '');
    const run = spawnSync(process.execPath, [MAIN, 'watch', ...args], { cwd: folder, encoding: 'utf8' });
    expect(run.stderr).toContain(said);
    expect(run.stdout).toBe('');
    expect(run.status).toBe(2);
  });
