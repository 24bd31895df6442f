import { openLiveTap } from '../capture/live.js';
import { linkLines, nodeNames, nodePorts } from '../lab/links.js';
import { labPorts, named } from '../lab/ports.js';
import { setSysctls } from '../lab/sysctl.js';
import { SILENT_DEFAULTS } from '../lab/silence.js';
import type { Topology } from '../topology/model.js';
import { injectInto } from './agentInject.js';
import { createNode, type AgentPlace } from './agentNode.js';
import { createChanges } from './apply.js';
import { LackError, offer } from './capability.js';
import type { Clock } from './clock.js';
import { TestbedError } from './error.js';
import type { Lab } from './lab.js';
import { unmetNeeds, wiringNeeds } from './needs.js';
import type { Wanted } from './testbed.js';

async function wiredLab(place: AgentPlace, topology: Topology, number: number): Promise<Lab> {
  const { agent, timing } = place;
  const names = nodeNames(topology);
  // No namespace of a former lab has the same name as one of this lab, so that nothing late can reach it.
  const namespaceOf = (name: string) => `${number}-${name}`;
  const scratchOf = (name: string) => `/run/everyleaf/${number}/${name}`;
  const machines = { names: names.map(namespaceOf), folders: names.map(scratchOf) };
  const now = () => agent.call('now', {});
  // One kernel, one clock.
  const clock: Clock = { id: place.name, now, offset: () => Promise.resolve({ ns: 0n, errorNs: 0n }) };
  const nodes = names.map((name) => createNode(place, clock, name, namespaceOf(name), scratchOf(name)));
  const node = (name: string) => named(nodes, name, 'node', (one) => one.name);
  const changes = createChanges({ now, run: (step) => node(step.node).exec(step.argv, step) });
  const nics = place.nics?.(namespaceOf);
  let closed = false;

  async function wire(): Promise<void> {
    await agent.call('createNodes', machines);
    // Before any link exists, so that each is silent from the start.
    await Promise.all(nodes.map((one) => setSysctls(one, SILENT_DEFAULTS)));
    const { code, stderr } = await agent.call('run', {
      node: null,
      argv: ['ip', '-batch', '-'],
      input: agent.send(Buffer.from(linkLines(topology, namespaceOf).join('\n'))),
      timeoutMs: timing.command,
    });
    if (code !== 0) throw new TestbedError(`cannot wire ${topology.name}: ${stderr.trim()}`);
    await nics?.bring(topology);
    await Promise.all(
      names.map((name) => agent.call('setUp', { node: namespaceOf(name), ports: nodePorts(topology, name) })),
    );
  }

  /** Whatever cannot be undone goes with the namespaces. */
  async function clear(): Promise<void> {
    await changes.undoAll().finally(async () => {
      // With its namespace a NIC would go to where no lab finds it.
      await nics?.back(topology).catch(() => undefined);
      await agent.call('deleteNodes', machines);
    });
  }

  try {
    await wire();
  } catch (error) {
    // What was not made cannot be deleted; the error that matters is why it was not made.
    await clear().catch(() => undefined);
    throw error;
  }
  return {
    topology,
    freshness: 'new',
    lease: null,
    timing,
    nodes,
    node,
    ...labPorts(
      topology,
      node,
      (at, port) => ({
        inject: offer(injectInto(agent, namespaceOf(at.name), port)),
        tap: offer({ open: (options) => openLiveTap(at, port, options, timing) }),
      }),
      nics?.offered.cables,
    ),
    now,
    ...nics?.offered,
    apply(change) {
      if (closed) throw new TestbedError(`"${change.name}" was asked of a lab that is gone`);
      return changes.apply(change);
    },
    async reset() {
      await clear();
      await wire();
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await (place.goesWithLab === true ? changes.undoAll() : clear());
    },
  };
}

/**
 * Opens a lab in network namespaces of an agent. Throws LackError where it cannot do what is needed.
 *
 * @param number of the agent's labs: no two have the same
 */
export async function openAgentLab(place: AgentPlace, { topology, needs = [] }: Wanted, number: number): Promise<Lab> {
  const lab = await wiredLab(place, topology, number);
  const lacks = await unmetNeeds(lab, [...wiringNeeds(topology), ...needs]);
  if (lacks.length === 0) return lab;
  await lab[Symbol.asyncDispose]();
  throw new LackError(lacks);
}
