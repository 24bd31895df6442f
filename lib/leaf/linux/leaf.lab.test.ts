import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { LeafControl } from '../../dataplane/plane.js';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { loadTopology } from '../../run/loadTopology.js';
import { dataPlaneNamed } from '../../registries.js';
import { need } from '../../testbed/capability.js';
import { openDefaultTestbed } from '../../testing/defaultLab.js';
import { HANGS_MS } from '../../testing/limits.js';
import type { Topology } from '../../topology/model.js';
import { until } from '../../until.js';

const linuxBridge = dataPlaneNamed('linux-bridge', DEFAULTS);

/** Without VLANs, so that the bridge of any kernel can be a leaf. */
async function flatWithLinuxLeaves(): Promise<Topology> {
  const plane = { kind: linuxBridge.kind, variant: 'per-mac' };
  const flat = await loadTopology(join(PACKAGE_ROOT, 'topologies/flat.yaml'), DEFAULTS.dataPlanes, plane);
  return { ...flat, leafSwitch: 'linux-bridge' };
}

test('a leaf of the kernel learns, has room for another host, reboots and forgets', async () => {
  const topology = await flatWithLinuxLeaves();
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology });
  const plane = await linuxBridge.bringUp(lab, 'per-mac');
  // From the host to the gateway and back: the leaf of the leg that the host takes learns it.
  const gateway = topology.networks[0]?.gateway4 ?? '';
  const ask = () => lab.node('host').exec(['ping', '-c', '1', '-W', '1', gateway], { mayFail: true });
  const behind = async (leaf: LeafControl) => (await leaf.fdb()).find(({ mac }) => mac === topology.host.mac)?.port;
  const leaf = await until('a leaf to learn the host', HANGS_MS, async () => {
    if ((await ask()).code !== 0) return null;
    for (const one of plane.leaves.values()) if ((await behind(one)) === 'to-host') return one;
    return null;
  });
  const node = lab.node(leaf.node);
  expect((await node.exec(['ip', '-br', 'link'])).stdout).not.toContain('lag0');
  const learned = () => behind(leaf);
  const learns = () =>
    expect
      .poll(async () => [(await ask()).code, await learned()] as const, { timeout: HANGS_MS })
      .toEqual([0, 'to-host']);
  expect(await leaf.fdbMoves()).toBe(0);

  // Nobody has this MAC, and nobody answers: it is learned when it is sent, and then only.
  const STRANGER = '02:00:00:00:07:77';
  const frame = Buffer.concat([
    Buffer.from(`ffffffffffff${STRANGER.replaceAll(':', '')}88b5`, 'hex'),
    Buffer.alloc(46),
  ]);
  const other = await leaf.joinOtherHost?.();
  const stranger = async () => (await leaf.fdb()).find(({ mac }) => mac === STRANGER);
  const hearsStranger = async () => {
    await other?.send([frame]);
    const entry = { node: leaf.node, port: 'other-host', vlan: 0, mac: STRANGER };
    await expect.poll(stranger, { timeout: HANGS_MS }).toEqual(entry);
  };
  await hearsStranger();

  const reboot = await lab.apply(need(leaf.reboot));
  expect(await stranger()).toBeUndefined();
  expect((await ask()).code).not.toBe(0);
  await reboot.undo();
  await learns();
  await hearsStranger();

  const aged = await lab.apply(need(leaf.ageFdb));
  await expect.poll(stranger, { timeout: HANGS_MS }).toBeUndefined();
  await aged.undo();

  expect(leaf.splitSystemId).toMatchObject({ ok: false, lack: { what: `LACP of ${leaf.node}` } });
});
