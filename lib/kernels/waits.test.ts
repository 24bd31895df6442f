import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runProgram } from '../runProgram.js';
import { lacpPatienceOf } from './patience.js';
import { recoveriesIn, shutAndOpened, waitedInVain } from './recovery.js';
import { sentTimes } from './trial.js';
import { DISTRIBUTING, NO_LACP, stateFileOf, untilAllDistribute, untilStopped } from './wiring.js';
import { WORLD } from './world.js';

const [first, second] = WORLD.legs.map(({ hostPort }) => hostPort) as [string, string];
const AT_ONCE = 0;

interface PortState {
  readonly state: number;
  readonly carrier: 'up' | 'down';
}
const UP: PortState = { state: DISTRIBUTING, carrier: 'up' };

/** Runs a script on made files of the kernel; `link` is what becomes of them when it sets a port up or down. */
async function run(
  ports: Readonly<Record<string, PortState>>,
  script: readonly string[],
  link: (port: string) => Readonly<Record<'up' | 'down', PortState>> = () => ({ up: UP, down: UP }),
) {
  const root = mkdtempSync(join(tmpdir(), 'everyleaf-waits-'));
  try {
    const files = (port: string) => [stateFileOf(port), join(dirname(stateFileOf(port)), 'mii_status')] as const;
    for (const [port, { state, carrier }] of Object.entries(ports)) {
      const [stateFile, carrierFile] = files(port);
      mkdirSync(join(root, dirname(stateFile)), { recursive: true });
      writeFileSync(join(root, stateFile), `${state}\n`);
      writeFileSync(join(root, carrierFile), `${carrier}\n`);
    }
    const becomes = Object.keys(ports).flatMap((port) =>
      (['up', 'down'] as const).map((verb) => {
        const [stateFile, carrierFile] = files(port);
        const { state, carrier } = link(port)[verb];
        return `${port}/${verb}) echo ${state} > ${root}${stateFile}; echo ${carrier} > ${root}${carrierFile} ;;`;
      }),
    );
    return await runProgram('sh', [
      '-c',
      [
        'set -e',
        `cat() { for file; do command cat ${root}$file; done; }`,
        `ip() { case $3/$4 in ${becomes.join(' ')} esac; }`,
        'sleep() { :; }',
        ...script,
      ].join('\n'),
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('it waits until each port has all flags and carrier, and no longer', async () => {
  const wait = [untilAllDistribute(AT_ONCE)];
  expect(await run({ [first]: UP, [second]: UP }, wait)).toMatchObject({ code: 0 });
  for (const wrong of [{ ...UP, state: 61 }, { ...UP, carrier: 'down' } as const]) {
    expect(await run({ [first]: wrong, [second]: UP }, wait)).toMatchObject({ code: NO_LACP });
    expect(await run({ [first]: UP, [second]: wrong }, wait)).toMatchObject({ code: NO_LACP });
  }
});

test('a port that is shut has stopped when its flags say so, or its carrier alone (Linux 6.17.13)', async () => {
  const wait = [untilStopped(first, AT_ONCE)];
  expect(await run({ [first]: { state: 69, carrier: 'up' } }, wait)).toMatchObject({ code: 0 });
  expect(await run({ [first]: { ...UP, carrier: 'down' } }, wait)).toMatchObject({ code: 0 });
  expect(await run({ [first]: UP }, wait)).toMatchObject({ code: NO_LACP });
});

test('each port is shut and opened, and the state that it had while it was shut is told', async () => {
  const { code, stdout } = await run({ [first]: UP, [second]: UP }, shutAndOpened(AT_ONCE), () => ({
    up: UP,
    down: { state: 69, carrier: 'down' },
  }));
  expect(code).toBe(0);
  expect(stdout.match(/^back \S+ 69 \d+ \d+$/gm)).toHaveLength(4);
  expect(recoveriesIn(stdout).map(({ hostPort }) => hostPort)).toEqual([first, second, first, second]);
  expect(waitedInVain(stdout)).toBeNull();
});

test('what it waited for in vain is told, and blocks the trial with it', async () => {
  const never = { state: 69, carrier: 'down' } as const;
  const shut = await run({ [first]: UP, [second]: UP }, shutAndOpened(AT_ONCE));
  expect(shut).toMatchObject({ code: NO_LACP });
  expect(waitedInVain(shut.stdout)).toBe(`${first} to stop, 0 s`);
  const opened = await run({ [first]: UP, [second]: UP }, shutAndOpened(AT_ONCE), (port) => ({
    up: port === second ? never : UP,
    down: never,
  }));
  expect(opened).toMatchObject({ code: NO_LACP });
  expect(opened.stdout).toMatch(new RegExp(`^back ${first} `));
  const why = `all ports to distribute after ${second} was opened, 0 s`;
  expect(waitedInVain(opened.stdout)).toBe(why);
  expect(() => sentTimes(`${opened.stdout}ended 9\n`, 1)).toThrow(`LACP in the guest: no end of the wait for ${why}`);
});

test('a guest that is slow to answer is waited for longer', () => {
  expect(lacpPatienceOf({ answeredAfterMs: 300 })).toBe(60);
  expect(lacpPatienceOf({ answeredAfterMs: 8_000 })).toBe(120);
});
