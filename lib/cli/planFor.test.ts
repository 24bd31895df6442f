import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { DataPlane } from '../dataplane/plane.js';
import { DEFAULTS } from '../defaults.js';
import { WITHOUT_CONFIG, type Workspace } from '../run/workspace.js';
import { TopologyError } from '../topology/problem.js';
import { UserError } from '../userError.js';
import { planFor, type RunOptions } from './planFor.js';
import { openWorkspace } from './workspace.js';

const ASKED: RunOptions = { controls: 'declared', workers: 1 };

/** What a person is told who asks for this; nothing has run. */
async function told(workspace: Workspace, options: Partial<RunOptions>): Promise<readonly string[]> {
  try {
    await planFor(workspace, { ...ASKED, ...options });
  } catch (error) {
    if (error instanceof TopologyError) return [error.message];
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(2);
    return [error.message, ...(error.hint === null ? [] : [error.hint])];
  }
  throw new Error('it was planned');
}

for (const [asked, says] of [
  [{ replicator: 'our' }, 'unknown replicator "our"\nknown: ovs-group, '],
  [{ replicator: 'ovs-grup' }, 'did you mean "ovs-group"?'],
  [{ testbed: 'netn' }, 'unknown testbed "netn"; did you mean "netns"?'],
  [{ testbed: 'rack' }, 'unknown testbed "rack"\nknown: netns'],
  [{ dataPlane: 'ovs-bnd' }, 'unknown data plane "ovs-bnd"; did you mean "ovs-bond"?'],
  [{ mode: ['balance-tcpp'] }, 'unknown mode of ovs-bond "balance-tcpp"; did you mean "balance-tcp"?'],
  [{ mode: ['layer-9'] }, 'unknown mode of ovs-bond "layer-9"\nknown: '],
  [{ suite: ['replicaton'] }, 'unknown suite "replicaton"; did you mean "replication"?'],
  [{ topology: '/nowhere.yaml' }, '/nowhere.yaml'],
] as const)
  test(`${JSON.stringify(asked)} is refused with what there is`, async () => {
    expect((await told(WITHOUT_CONFIG, asked)).join('\n')).toContain(says);
  });

test('a config that is not there is told', async () => {
  await expect(openWorkspace('theirs.ts')).rejects.toThrow('there is no config theirs.ts');
});

test('a topology of a config that is not well formed is told with its place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-plan-'));
  try {
    writeFileSync(join(folder, 'ours.yaml'), 'name: x\n');
    const said = await told({ ...WITHOUT_CONFIG, topologies: folder }, { topology: 'ours.yaml' });
    expect(said[0]).toMatch(/ours\.yaml:1:1: /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a replicator that is not made for the data plane is told', async () => {
  const theirs: DataPlane = {
    ...{ kind: 'theirs', description: 'Theirs.', variants: ['one'], hostNic: 'br0', bond: null, needs: [] },
    check: () => [],
    traits: () => ({
      ...{ kind: 'theirs', variant: 'one', lacp: false, spreads: 'no' },
      hears: { unicast: 'active', multicast: 'active' },
    }),
    bringUp: () => Promise.reject(new Error('nothing is to be brought up')),
  };
  const registries = { ...DEFAULTS, dataPlanes: [theirs, ...DEFAULTS.dataPlanes] };
  for (const asked of [{}, { replicator: 'ovs-group' }, { dataPlane: 'theirs' }])
    expect(await told({ ...WITHOUT_CONFIG, registries }, asked)).toEqual([
      'the replicator ovs-group cannot be installed on the data plane theirs',
      'it is made for ovs-bond, macvlan, qos, vxlan, chain, ovs-dpdk, and theirs takes none: choose with --data-plane or --replicator',
    ]);
});

test('a replicator is tried in the modes that it is made for, and in others where they are named', async () => {
  const modesOf = async (options: Partial<RunOptions>) =>
    (await planFor(WITHOUT_CONFIG, { ...ASKED, dataPlane: 'kernel-bond', ...options })).modes;
  expect(await modesOf({ replicator: 'broadcast-neighbor' })).toEqual(['802.3ad', '802.3ad-layer2']);
  expect(await modesOf({ replicator: 'none' })).toContain('balance-rr');
  expect(await modesOf({ replicator: 'broadcast-neighbor', mode: ['broadcast'] })).toEqual(['broadcast']);
  const both = ['802.3ad', 'broadcast'];
  expect(await modesOf({ replicator: 'broadcast-neighbor', mode: both })).toEqual(both);
});
