import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { need } from '../testbed/capability.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { loadTopology } from '../run/loadTopology.js';
import { bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';

let folder = '';

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-names-'));
});

test.afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('ports may be called like the options of ip(8), cut short', async () => {
  const names: Readonly<Record<string, string>> = { 'up-a': 't', 'up-b': 'm', 'to-host': 'n', vm1: 'a', vm2: 'up' };
  const text = readFileSync(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'), 'utf8');
  const renamed = text.replaceAll(/up-[ab]|to-host|\bvm[12](?=,)/g, (name) => names[name] ?? name);
  writeFileSync(join(folder, 'short.yaml'), renamed);
  const topology = await loadTopology(join(folder, 'short.yaml'), DEFAULTS.dataPlanes, {
    kind: 'ovs-bond',
    variant: 'balance-tcp',
  });
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology });
  const plane = await bringUpDefault(lab);
  await plane.converged(['leg-a', 'leg-b']);
  const applied = await lab.apply(need(lab.link('leg-b').cut)());
  const { stdout } = await lab.node('host').exec(['ip', '-o', 'link', 'show', 'dev', 'm']);
  expect(stdout).toContain('NO-CARRIER');
  await applied.undo();
  await plane.converged(['leg-a', 'leg-b']);
});
