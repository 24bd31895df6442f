import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { dice } from '../dice.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { standingFolder } from '../console/folder.js';
import type { ProcessIdentity } from '../console/protocol.js';
import { guardedFolder, type GuardedFolder } from './testing/guardedFolder.js';
import { processesOf } from './testing/marked.js';
import { leftOf, traces } from './testing/traces.js';
import { vanished } from './testing/vanished.js';
import { someOf } from '../testing/samples.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

const LANES = 3;
/** Of them: the next test breaks a lab by each fault, and kills something else of it. */
const FAULTS_A_RUN = 2;
/** Labs that stand, and what is broken in them together. */
const LABS_A_RUN = 1;
/** Agent, three switches with a database each, captures: a fault is in effect in nothing less. */
const PROCESSES_MIN = 8;

let folder: GuardedFolder;
test.beforeEach(() => {
  folder = guardedFolder('everyleaf-crash-');
});
test.afterEach(() => {
  folder[Symbol.dispose]();
});

interface Doomed {
  /** In the environment of all that it starts. */
  readonly mark: string;
  /** Its own folder for temporary files, and for a standing lab. */
  readonly temporary: string;
  readonly before: ReadonlySet<string>;
  /** Starts a program of this project; its lines, as they come, until it ends. */
  start(program: string, ...args: string[]): { readonly pid: number; readonly lines: AsyncIterable<string> };
}

function doomed(name: string): Doomed {
  const temporary = join(folder.path, name);
  mkdirSync(temporary, { mode: 0o700 });
  const mark = randomUUID();
  return {
    mark: `EVERYLEAF_TEST_MARK=${mark}`,
    temporary,
    before: new Set(traces()),
    start(program, ...args) {
      const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib', program), ...args], {
        env: { ...process.env, EVERYLEAF_TEST_MARK: mark, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary },
        // What the command says of a lab that vanishes under it is of no interest here.
        stdio: ['ignore', 'pipe', program.startsWith('cli/') ? 'ignore' : 'inherit'],
      });
      return { pid: child.pid ?? 0, lines: createInterface(child.stdout) };
    },
  };
}

async function firstLine(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) return line;
  return 'it ended without a word';
}

async function allLines(lines: AsyncIterable<string>): Promise<string> {
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  return said.join('\n');
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

test('a scenario that is killed in the middle of any fault leaves no process, namespace, link, mount, nft table or temporary file', async ({}, info) => {
  const seed = Number(process.env['EVERYLEAF_CRASH_SEED'] ?? randomInt(2 ** 31));
  info.annotations.push({ type: 'seed', description: String(seed) });
  await inLanes(someOf(DEFAULTS.faults, FAULTS_A_RUN, dice(seed)), async ({ name }) => {
    const run = doomed(name);
    const { pid, lines } = run.start('crash/testing/doomedFault.js', name, join(folder.path, `${name}-evidence`));
    const said = await firstLine(lines);
    expect(said, name).toMatch(name === 'delay' ? /^(in effect|lacking)$/ : /^in effect$/);
    const there = processesOf(run.mark);
    expect(there.length, `${name}: processes while it lasts`).toBeGreaterThan(PROCESSES_MIN);
    process.kill(pid, 'SIGKILL');
    expect(leftOf(await vanished(there, run.mark), run.before, run.temporary), name).toEqual([]);
  });
});

/** Faults that can be in effect together, so that few labs see them all. */
const BROKEN_TOGETHER: readonly (readonly (readonly [leg: string, verb: string])[])[] = [
  [
    ['leg-a', 'unplug'],
    ['leg-b', 'mute'],
    ['leg-b', 'lose'],
    ['leg-b', 'delay'],
  ],
  [
    ['leg-a', 'adminDown'],
    ['leg-b', 'deafen'],
    ['leg-b', 'silenceLacp'],
    ['leg-b', 'splitSystemId'],
  ],
  [
    ['leg-a', 'restartSwitch'],
    ['leg-a', 'killReplicator'],
    ['leg-a', 'rebootLeaf'],
  ],
  [['leg-a', 'killController']],
  [['leg-a', 'flap']],
];
/** By the kernel's count: a cable that is out for a moment between two looks would never be seen, and waited for without end. */
const WATCH_CARRIER =
  'changes() { ip -j -s -s link show dev up-a | grep -o "carrier_changes.:[0-9]*"; }; before=$(changes); [ -n "$before" ] || exit; echo watching; until [ "$(changes)" != "$before" ]; do :; done; echo dark';

test('a standing lab whose lab daemon is killed while a person has broken it leaves nothing either, once the next command has looked', async () => {
  expect(new Set(BROKEN_TOGETHER.flat().map(([, verb]) => verb))).toEqual(
    new Set(DEFAULTS.faults.map(({ name }) => name)),
  );
  await inLanes(someOf(BROKEN_TOGETHER, LABS_A_RUN, Math.random), async (breaks) => {
    const what = breaks.map(([, verb]) => verb).join(', ');
    const run = doomed(breaks[0]?.[1] ?? '');
    const types = (...words: string[]) => run.start('cli/main.js', ...words).lines;
    const controlled = breaks.some(([, verb]) => verb === 'killController');
    expect(await allLines(types('up', ...(controlled ? ['--replicator', 'ovs-controller'] : []))), what).toContain(
      'stands',
    );
    for (const [leg, verb] of breaks) {
      if (verb !== 'flap') {
        const said = await allLines(types('break', leg, verb, '--json'));
        if (verb !== 'delay') expect(JSON.parse(said), `${leg} ${verb}`).toMatchObject({ leg, verb });
        continue;
      }
      // It ends with the cable in: the lab daemon must die before.
      const watch = types('shell', 'host', '--', 'sh', '-c', WATCH_CARRIER)[Symbol.asyncIterator]();
      expect(await watch.next(), what).toMatchObject({ value: 'watching' });
      types('break', leg, verb);
      expect(await watch.next(), what).toMatchObject({ value: 'dark' });
    }
    const there = processesOf(run.mark);
    expect(there.length, `${what}: processes while it lasts`).toBeGreaterThan(PROCESSES_MIN);
    const daemon = JSON.parse(readFileSync(standingFolder(run.temporary).daemonFile, 'utf8')) as ProcessIdentity;
    process.kill(daemon.pid, 'SIGKILL');
    const alive = await vanished(there, run.mark);
    expect(await allLines(types('down')), what).toContain(
      'the last one was killed, and what it left has been cleared away',
    );
    expect(leftOf(alive, run.before, run.temporary), what).toEqual([]);
  });
});
