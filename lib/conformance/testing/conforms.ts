import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { testbedNamed } from '../../registries.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { HOLD_VARIABLE, type Hold } from '../../testbed/hold.js';
import type { Testbed } from '../../testbed/testbed.js';
import { until } from '../../until.js';
import { CHECKS } from '../checks.js';

/** From SIGKILL of a harness until nothing of it is left: 0.1 s, seconds when every core is taken. */
const CLEARED_MS = 30_000;
const LOOK_MS = 20;
const MARK = 'EVERYLEAF_CONFORMANCE';

/** Processes of this machine that inherited this environment. */
function bearers(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
      } catch {
        return false; // it has just ended
      }
    });
}

/** Where a testbed runs that needs machines of others. */
export interface Machines extends AsyncDisposable {
  /** The file of their binding. */
  readonly binding: string;
}

/**
 * Declares the tests that a testbed of lib/defaults.ts must pass. A new testbed only needs to be named, and its machines
 * to be brought up, where it needs any.
 */
export function conforms(name: string, bringUp?: () => Promise<Machines>): void {
  test.describe(name, () => {
    let testbed: Testbed;
    let machines: Machines | undefined;
    let hold: Hold | undefined;
    test.describe.configure({ mode: 'default' });
    test.beforeAll(async () => {
      machines = await bringUp?.();
      const binding = machines?.binding ?? null;
      const kind = testbedNamed(name, DEFAULTS);
      hold = await kind.hold?.({ binding, run: 'conformance' });
      testbed = await kind.open({ binding, hold: hold?.pass });
    });
    test.afterAll(async () => {
      await testbed[Symbol.asyncDispose]();
      const differs = (await hold?.end())?.differs ?? [];
      await machines?.[Symbol.asyncDispose]();
      expect(differs).toEqual([]);
    });

    for (const check of CHECKS)
      test(check.name, async () => {
        await check.run({ testbed, topology: await defaultTopology() });
      });

    test('when the harness is killed nothing of it is left, and the next lab is whole', async () => {
      const mark = `${MARK}=${randomBytes(8).toString('hex')}`;
      const [variable = '', value = ''] = mark.split('=');
      const harness = spawn(
        process.execPath,
        [
          join(PACKAGE_ROOT, 'dist/lib/conformance/testing/doomedHarness.js'),
          name,
          ...(machines === undefined ? [] : [machines.binding]),
        ],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, [variable]: value, ...(hold === undefined ? {} : { [HOLD_VARIABLE]: hold.pass }) },
        },
      );
      const said = await new Promise<string>((resolve) => {
        let text = '';
        harness.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text.includes('in force\n')) resolve(text);
        });
        harness.on('exit', () => resolve(text));
      });
      expect(said).toBe('in force\n');
      // Itself, and here what holds its lab, and what runs in that.
      expect(bearers(mark).length).toBeGreaterThan(machines === undefined ? 1 : 0);
      harness.kill('SIGKILL');
      await until(
        'nothing to be left of the harness',
        CLEARED_MS,
        () => Promise.resolve(bearers(mark).length === 0 ? true : null),
        () => bearers(mark).join(', '),
        LOOK_MS,
      );
      const whole = CHECKS.find((check) => check.name.startsWith('every port has its MAC'));
      await whole?.run({ testbed, topology: await defaultTopology() });
    });
  });
}
