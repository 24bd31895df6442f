import type { Topology } from '../../topology/model.js';
import type { Lab, Testbed } from '../types.js';
import { startAgent, type AgentClient } from '../../agent/client.js';
import { createNode } from './node.js';
import { linkLines, nodeLines, nodeNames } from '../../lab/links.js';
import { SILENT_DEFAULTS } from '../../lab/silence.js';

async function openLab(agent: AgentClient, topology: Topology, number: number): Promise<Lab> {
  const names = nodeNames(topology);
  // No namespace of a former lab has the name of one of this, so that nothing late can reach it.
  const namespaceOf = (name: string) => `${number}-${name}`;
  const namespaces = names.map(namespaceOf);
  await agent.call('createNodes', { names: namespaces });
  const nodes = new Map(
    names.map((name) => [name, createNode(agent, name, namespaceOf(name), `/run/everyleaf/${number}/${name}`)]),
  );
  let closed = false;
  const lab: Lab = {
    topology,
    nodes: [...nodes.values()],
    node(name) {
      const node = nodes.get(name);
      if (node === undefined) throw new RangeError(`the lab has no node "${name}"; it has ${names.join(', ')}`);
      return node;
    },
    now: () => agent.call('now', {}),
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await agent.call('deleteNodes', { names: namespaces });
    },
  };
  try {
    // Before any link exists, so that each is born silent.
    await Promise.all(lab.nodes.map((node) => node.sysctl(SILENT_DEFAULTS)));
    const { code, stderr } = await agent.call('run', {
      node: null,
      argv: ['ip', '-batch', '-'],
      input: linkLines(topology, namespaceOf).join('\n'),
      timeoutMs: 20_000,
    });
    if (code !== 0) throw new Error(`cannot wire ${topology.name}: ${stderr.trim()}`);
    await Promise.all(
      lab.nodes.map((node) => node.exec(['ip', '-batch', '-'], { input: nodeLines(topology, node.name).join('\n') })),
    );
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
  return lab;
}

/** Labs in namespaces of this machine. One agent; its labs are opened one after another, or side by side under different names. */
export async function openNetnsTestbed(): Promise<Testbed> {
  const agent = await startAgent();
  let labs = 0;
  return {
    name: 'netns',
    open: (topology) => openLab(agent, topology, ++labs),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}
