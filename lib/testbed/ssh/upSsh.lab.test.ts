import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunSummary } from '../../report/json.js';
import { runProgram } from '../../runProgram.js';
import { openTestNetwork } from '../../ssh/testing/network.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../../testing/limits.js';
import { until } from '../../until.js';
import { copyLocalBinding } from './testing/localBinding.js';
import { isDrawn, NOT_DRAWN } from '../../testing/samples.js';
import { RUNS_OVER_SSH } from './testing/runsOverSsh.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');

test('"up --ssh" brings up the machines of a binding, which are used like others, and leaves nothing', async () => {
  test.skip(!isDrawn(2, RUNS_OVER_SSH, 1), NOT_DRAWN);
  // A network of our own, so that addresses are not those of a person's machines.
  await using network = await openTestNetwork();
  const folder = join(network.folder, 'bindings');
  const run = join(network.folder, 'run');
  mkdirSync(run, { mode: 0o700 });
  const binding = await copyLocalBinding(folder);
  const env = { ...process.env, XDG_RUNTIME_DIR: run, XDG_STATE_HOME: join(network.folder, 'state') };
  const everyleaf = (...args: readonly string[]) => runProgram(process.execPath, [MAIN, ...args], { env });
  const up = async () => {
    const child = spawn(process.execPath, [MAIN, 'up', '--ssh', '--binding', binding], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, said: said.toString(), exited: once(child, 'exit') };
  };
  /** Files, links, and processes whose arguments name one of the files. */
  const remains = async () => [
    ...readdirSync(run),
    ...readdirSync(folder),
    ...(await runProgram('ip', ['-o', 'link'])).stdout.split('\n').filter((line) => line.includes('everyleaf')),
    ...(await runProgram('pgrep', ['-f', run])).stdout.split('\n').filter((line) => line !== ''),
  ];
  const before = await remains();

  const first = await up();
  expect(first.said).toMatch(/server +root@192\.0\.2\.6\n.*leafa +root@192\.0\.2\.10\n.*leafb +root@192\.0\.2\.14\n/);
  const doctor = await everyleaf('doctor', '--binding', binding, '--json');
  expect(JSON.parse(doctor.stdout)).toMatchObject({ ready: true });
  expect(await everyleaf('up', '--ssh', '--binding', binding)).toMatchObject({
    code: 69,
    stderr: expect.stringContaining(`process ${String(first.child.pid)} has brought up machines`),
  });

  // Killed: what the kernel does not end is a matter of files, and the next one removes them.
  first.child.kill('SIGKILL');
  await first.exited;
  await until('the links to go', HANGS_MS, async () =>
    (await runProgram('ip', ['-o', 'link'])).stdout.includes('everyleaf') ? null : true,
  );
  expect(await remains()).not.toEqual(before);

  const second = await up();
  expect(readdirSync(join(run, 'everyleaf-ssh'))).toHaveLength(1);
  const report = await everyleaf(
    ...['run', '--json', '--binding', binding, '--out', join(network.folder, 'out')],
    ...['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--controls', 'none'],
  );
  const { reasons, totals } = JSON.parse(report.stdout) as RunSummary;
  // It would pass, if a control had shown that the lab notices.
  expect(reasons, report.stderr).toEqual([expect.stringContaining('no control was made')]);
  expect([totals.delivered, totals.missing, totals.duplicate]).toEqual([totals.probes, 0, 0]);
  second.child.kill('SIGINT');
  expect(await second.exited).toEqual([0, null]);
  expect(await remains()).toEqual(before);
});
