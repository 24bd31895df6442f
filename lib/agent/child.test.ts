import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';

const PROBE = join(PACKAGE_ROOT, 'dist/lib/agent/testing/childProbe.js');

interface Command {
  readonly argv: readonly string[];
  readonly input?: string;
  readonly ownGroup?: boolean;
}

/** What came of each of these, which run at the same time. */
async function cameOf(...commands: readonly Command[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROBE, JSON.stringify(commands)]);
  return JSON.parse(stdout);
}

const sh = (script: string, more: Partial<Command> = {}): Command => ({ argv: ['sh', '-c', script], ...more });
const said = (stdout: string, more: object = {}) => ({ code: 0, signal: null, stdout, stderr: '', ...more });

test('a program gets its arguments, its input and its environment; what it says and how it ends comes back', async () => {
  expect(
    await cameOf(
      { argv: ['printf', '%s|', 'a b', '', 'ö'] },
      { argv: ['cat'], input: 'line 1\nline 2' },
      sh('echo "$EVERYLEAF_PROBE"; echo wrong >&2; exit 7'),
      sh('kill -TERM $$'),
      sh('kill -KILL $$'),
    ),
  ).toEqual([
    said('a b||ö|'),
    said('line 1\nline 2'),
    said('ä', { code: 7, stderr: 'wrong' }),
    said('', { code: null, signal: 'SIGTERM' }),
    said('', { code: null, signal: 'SIGKILL' }),
  ]);
});

test('all of a long output comes before the end, also when the program ends without reading its input', async () => {
  expect(
    await cameOf(sh('head -c 5000000 /dev/zero | tr "\\0" x'), sh('exec true', { input: 'x'.repeat(100_000) })),
  ).toEqual([said('', { stdout: 5_000_000 }), said('')]);
});

test('what cannot be started says why, as Node does; a script without interpreter is one of the shell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-child-'));
  const script = join(folder, 'script');
  const locked = join(folder, 'locked');
  writeFileSync(script, 'echo "script $1"\n', { mode: 0o755 });
  writeFileSync(locked, '', { mode: 0o644 });
  try {
    expect(
      await cameOf(
        { argv: ['no-such-program-anywhere'] },
        { argv: ['/nonexistent/x'] },
        { argv: [locked] },
        { argv: [script, 'one'] },
      ),
    ).toEqual([
      'spawn no-such-program-anywhere ENOENT',
      'spawn /nonexistent/x ENOENT',
      `spawn ${locked} EACCES`,
      said('script one'),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('signals are as a shell leaves them, descriptors are closed, and a session is had where it is asked for', async () => {
  // Node ignores SIGPIPE, which a child would inherit. The two highest are glibc's own, which posix_spawn(3) ignores.
  const ignored = sh('grep -E "^Sig(Ign|Blk)" /proc/self/status | sed "s/0*1*80000000$/0/" | tr -d "\\n\\t 0"');
  const leader = sh('[ "$(ps -o sid= -p $$ | tr -d " ")" = $$ ] && echo leader || echo member');
  const descriptors = ['ls', '/proc/self/fd'];
  // What these tests were themselves started with is inherited by everyone.
  const { stdout: usual } = await promisify(execFile)('ls', ['/proc/self/fd']);
  expect(await cameOf(ignored, { argv: descriptors }, leader, { ...leader, ownGroup: true })).toEqual([
    said('SigBlk:SigIgn:'),
    said(usual.trim()),
    said('member'),
    said('leader'),
  ]);
});

test('a hundred programs at once end each by itself', async () => {
  const commands = Array.from({ length: 100 }, (_, n) => sh(`exit ${n}`));
  expect(await cameOf(...commands)).toEqual(commands.map((_, code) => said('', { code })));
});
