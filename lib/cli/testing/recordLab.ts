import { asOvsPlane } from '../../ovs/testing/asOvsPlane.js';
import { join } from 'node:path';
import { defaultTopology, bringUpDefault } from '../../testing/defaultLab.js';
import { readPorts } from '../../replicator/ovs/ports.js';
import type { Replicator } from '../../replicator/types.js';
import { announce, detectDuplicates } from '../../stimulus/stacks.js';
import type { Testbed } from '../../testbed/testbed.js';
import type { Topology } from '../../topology/model.js';
import { startCapture, type CaptureTool, type RunningCapture } from './captureTools.js';
import { startTraffic } from './labTraffic.js';

export interface RecordOptions {
  readonly topology?: string;
  readonly mode?: string;
  /** Which tools capture on a leaf, all at the same time; by the leaf's number. */
  readonly tools: (leaf: number) => readonly CaptureTool[];
  /** Rounds of traffic while everything captures. */
  readonly rounds?: number;
  /** This leaf's captures begin a round after the others' ... */
  readonly late?: number;
  /** ... and this one's end a round before. */
  readonly early?: number;
}

export interface Recorded {
  readonly topology: Topology;
  /** Leaves in the order in which the host's switch numbered their legs, which is the order of a group's buckets. */
  readonly inOrder: readonly string[];
  /** `leaf-a=/.../leaf-a.tcpdump.pcap` for each leaf, as the command takes it. */
  captures(tool: CaptureTool | ((leaf: number) => CaptureTool)): readonly string[];
}

/**
 * Opens a lab with this replicator, lets the tools capture real traffic on each leaf's port, and leaves their files in
 * the folder.
 */
export async function recordLab(
  testbed: Testbed,
  replicator: Replicator,
  folder: string,
  options: RecordOptions,
): Promise<Recorded> {
  const { topology: name = 'dual-leaf.yaml', mode = 'balance-tcp', rounds = 3, tools } = options;
  const topology = await defaultTopology(name, mode);
  await using lab = await testbed.open({ topology });
  const plane = asOvsPlane(await bringUpDefault(lab, mode));
  await using installed = await replicator.install({ lab, plane });
  const ports = (await readPorts(plane.ovs)).filter((port) => port.uplink);
  const inOrder = ports.map((port) => topology.legs.find((leg) => leg.hostPort === port.name)?.leaf ?? '');
  const fileOf = (leaf: string, tool: CaptureTool) => join(folder, `${leaf}.${tool.name}.${tool.ending}`);
  const start = (leaf: number): Promise<readonly RunningCapture[]> => {
    const leg = topology.legs[leaf];
    if (leg === undefined) throw new RangeError(`no leg ${leaf}`);
    return Promise.all(
      tools(leaf).map((tool) => startCapture(tool, lab.node(leg.leaf), leg.leafPort, fileOf(leg.leaf, tool))),
    );
  };
  const stop = (captures: readonly RunningCapture[] | undefined) =>
    Promise.all((captures ?? []).map((capture) => capture.stop()));
  const { stream, perRound } = startTraffic(lab);
  const all = topology.legs.map((_, leaf) => leaf);
  const running = new Map(
    await Promise.all(
      all.filter((leaf) => leaf !== options.late).map(async (leaf) => [leaf, await start(leaf)] as const),
    ),
  );
  if (options.late !== undefined) {
    await stream.sent(perRound);
    running.set(options.late, await start(options.late));
  }
  const [vm] = topology.vms;
  await Promise.all([
    stream.sent(rounds * perRound),
    announce(lab, topology.host),
    ...(vm === undefined ? [] : [detectDuplicates(lab, vm, '2001:db8:20::77', true)]),
  ]);
  if (options.early !== undefined) {
    await stop(running.get(options.early));
    running.delete(options.early);
    await stream.sent(perRound);
  }
  await Promise.all([...running.values()].map(stop));
  await stream.stop();
  const broken = installed.broken();
  if (broken !== null) throw new Error(`the replicator ${replicator.name} does not run: ${broken}`);
  return {
    topology,
    inOrder,
    captures: (tool) =>
      topology.legs.map(
        (leg, leaf) => `${leg.leaf}=${fileOf(leg.leaf, typeof tool === 'function' ? tool(leaf) : tool)}`,
      ),
  };
}
