import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { madeUpLab } from '../lab/testing/madeUpLab.js';
import { flowPathsOf } from '../stimulus/flowPath.js';
import { offer } from '../testbed/capability.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { senderNamed } from '../topology/senders.js';
import { armTap } from './armed.js';
import { pathFence } from './pathFence.js';

/** A guest without KVM whose machine has other work: fences took longer there than on any idle machine. */
const SLOW_MS = 37_500;

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-waits-'))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('control frames are waited for as long as their testbed says', async () => {
  const topology = await defaultTopology();
  const tap = offer({ open: () => Promise.reject(new Error('nobody captures here')) });
  const made = madeUpLab({ topology, means: () => ({ inject: offer(() => Promise.resolve([])), tap }) });
  const lab = { ...made, timing: { ...made.timing, controlFrame: SLOW_MS } };
  const waits: number[] = [];
  const source = {
    open: () =>
      Promise.resolve({
        command: [],
        ready: 'listening',
        seen(_: number, ms: number) {
          waits.push(ms);
          return Promise.resolve(true);
        },
        missing: () => Promise.resolve([]),
        stop: () => Promise.reject(new Error('it is never stopped')),
      }),
  };
  const spec = { name: 'leaf', role: 'leaf', node: 'leaf-a', port: 'to-host', direction: 'in' } as const;
  const controls = { controlMac: '02:00:00:00:00:01', sendControl: () => Promise.resolve(), source };
  let ids = 0;
  const armed = await armTap(lab, { ...spec, ...controls }, 1, () => ++ids, folder);
  expect([await armed.canary(), await armed.fence()]).toEqual([expect.any(Number), true]);
  expect(waits).toEqual([SLOW_MS, SLOW_MS]);
  const [flowPath] = flowPathsOf(topology, senderNamed(topology, 'vm1'));
  if (flowPath === undefined) throw new Error('vm1 says nothing');
  expect(await pathFence(lab, flowPath, [armed], 1, () => ++ids)).toBe(true);
  expect(new Set(waits)).toEqual(new Set([SLOW_MS]));
});
