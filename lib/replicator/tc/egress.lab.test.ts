import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import type { Plane } from '../../dataplane/plane.js';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { dataPlaneNamed } from '../../registries.js';
import { loadTopology } from '../../run/loadTopology.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { openDefaultTestbed } from '../../testing/defaultLab.js';
import { HANGS_MS } from '../../testing/limits.js';
import { unmarked } from '../../control/bridge/unmarked.js';
import { ebpf } from '../ebpf.js';
import { tcCbpf } from '../tcCbpf.js';
import { BOTH, reach, type Source } from '../testing/reach.js';
import type { InstalledReplicator } from '../types.js';

interface Raised {
  readonly lab: Lab;
  readonly plane: Plane;
  /** The first VM, whose frames leave on leaf-b by themselves. */
  readonly vm: Source;
  /** What tc has at each leg, and how many filters. */
  readonly hooks: () => Promise<readonly string[]>;
}

const test = base.extend<{ raised: Raised }>({
  raised: async ({}, use) => {
    const bridge = dataPlaneNamed('linux-bridge', DEFAULTS);
    const choice = { kind: bridge.kind, variant: 'per-mac' };
    const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/flat.yaml'), DEFAULTS.dataPlanes, choice);
    await using testbed = await openDefaultTestbed();
    await using lab = await testbed.open({ topology });
    const plane = await bridge.bringUp(lab, 'per-mac');
    const [vm] = topology.vms;
    if (vm === undefined) throw new RangeError('no VM');
    const hooks = async () => {
      const shown = await Promise.all(
        topology.legs.map(({ hostPort }) =>
          lab.node(topology.host.node).exec(['tc', 'qdisc', 'show', 'dev', hostPort]),
        ),
      );
      return shown.map(({ stdout }) => /clsact/.exec(stdout)?.[0] ?? '');
    };
    await use({ lab, plane, vm: { node: vm.node, port: vm.nic, mac: vm.mac }, hooks });
  },
});

const wrong = async (installed: InstalledReplicator) =>
  (await installed.audit()).flatMap(({ ok, value }) => (ok ? [] : [value]));

test('a program copies what leaves on one leg, is told when it is not there any more, and goes without a trace', async ({
  raised: { lab, plane, vm, hooks },
}) => {
  expect(await reach(lab, 'garp-request', vm, null)).not.toEqual(BOTH);
  const before = await hooks();
  {
    await using installed = await ebpf.install({ lab, plane });
    await installed.settled();
    expect(await wrong(installed)).toEqual([]);
    expect(await reach(lab, 'garp-request', vm, null)).toEqual(BOTH);
    expect(await reach(lab, 'ns-ext-header', vm, null)).toEqual(BOTH);
    expect(await reach(lab, 'rs', vm, null)).not.toEqual(BOTH);
    const [leg] = lab.topology.legs;
    const node = lab.node(lab.topology.host.node);
    await node.exec(['tc', 'filter', 'del', 'dev', leg?.hostPort ?? '', 'egress', 'pref', '1']);
    expect(await wrong(installed)).toEqual(['it has no filter']);
    await installed.settled();
    expect(await wrong(installed)).toEqual([]);
    expect(await hooks()).not.toEqual(before);
  }
  expect(await hooks()).toEqual(before);
});

test('a leg without carrier gets no copies, and gets them again when it is back', async ({
  raised: { lab, plane },
}) => {
  await using installed = await ebpf.install({ lab, plane });
  const [a, b] = lab.topology.legs;
  if (a === undefined || b === undefined) throw new RangeError('no two legs');
  const values = async () => (await installed.audit()).map(({ ok, value }) => `${ok}: ${value}`);
  const leaf = lab.node(a.leaf);
  await leaf.exec(['ip', 'link', 'set', a.leafPort, 'down']);
  await plane.converged([b.name], HANGS_MS);
  // By the news of the leg alone: nobody asks the filters to settle.
  await expect.poll(values, { timeout: HANGS_MS }).toEqual([`true: to ${b.hostPort}`, 'true: to nobody']);
  await leaf.exec(['ip', 'link', 'set', a.leafPort, 'up']);
  await plane.converged([a.name, b.name], HANGS_MS);
  await installed.settled();
  expect(await values()).toEqual([`true: to ${b.hostPort}`, `true: to ${a.hostPort}`]);
});

test('a kernel that cannot mark is told with the command, and keeps nothing; without marks copies come twice', async ({
  raised: { lab, plane, vm, hooks },
}) => {
  const before = await hooks();
  const lacks = await tcCbpf.install({ lab, plane }).then(
    async (installed) => {
      await using right = installed;
      expect(await wrong(right)).toEqual([]);
      expect(await reach(lab, 'garp-request', vm, null)).toEqual(BOTH);
      return null;
    },
    (error: unknown) => {
      if (!(error instanceof LackError)) throw error;
      return error.message;
    },
  );
  if (lacks !== null) expect(lacks).toContain('"tc filter replace dev');
  expect(await hooks()).toEqual(before);
  await using installed = await unmarked.install({ lab, plane });
  expect(await wrong(installed)).toHaveLength(lab.topology.legs.length);
  expect(await reach(lab, 'garp-request', vm, null)).toEqual(BOTH);
});
