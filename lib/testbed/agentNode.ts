import type { AgentClient } from '../agent/client.js';
import { startProcess } from './agentProcess.js';
import type { Offer } from './capability.js';
import type { Clock } from './clock.js';
import { failedCommand } from './failedCommand.js';
import type { MachineNics } from './nics.js';
import type { Node, Terminal } from './node.js';
import type { Timing } from './timing.js';

/** Where an agent runs, and what can be done there besides what it does itself. */
export interface AgentPlace {
  readonly agent: AgentClient;
  /** Of the testbed, and of its clock: one kernel has one. */
  readonly name: string;
  readonly timing: Timing;
  /** Of its nodes: see `Node.slowness`. */
  readonly slowness?: number;
  /** Its machine goes with its one lab, and with that whatever is in it. */
  readonly goesWithLab?: boolean;
  /**
   * NICs of the machine, beside the links that a lab makes. Absent: it has none for labs.
   * @param namespaceOf what the agent calls the node with this name
   */
  readonly nics?: (namespaceOf: (node: string) => string) => MachineNics;
  /** See `Node.deploy`. */
  readonly deploy: (program: string) => Promise<Offer<readonly string[]>>;
  /** @param namespace the node's, as the agent calls it */
  readonly terminal: (namespace: string) => Offer<Terminal>;
}

/** A node that is a network namespace of the agent; `namespace` is its name there. */
export function createNode(
  { agent, timing, slowness = 1, deploy, terminal }: AgentPlace,
  clock: Clock,
  name: string,
  namespace: string,
  scratch: string,
): Node {
  return {
    name,
    clock,
    scratch,
    slowness,
    async exec(argv, options = {}) {
      const result = await agent.call('run', {
        node: namespace,
        argv,
        timeoutMs: options.timeoutMs ?? timing.command,
        ...(options.input === undefined ? {} : { input: agent.send(Buffer.from(options.input)) }),
        ...(options.env === undefined ? {} : { env: options.env }),
      });
      if (result.code !== 0 && options.mayFail !== true) throw failedCommand(name, argv, result);
      return result;
    },
    spawn: (argv, options = {}) => startProcess(agent, namespace, argv, options, timing),
    deploy,
    terminal: terminal(namespace),
    shortcuts: {
      async sysctl(values) {
        await agent.call('sysctl', { node: namespace, values });
      },
      read: (paths) => agent.call('read', { node: namespace, paths }),
      async put(path, bytes) {
        await agent.call('put', { path, bytes: agent.send(bytes) });
      },
      awaitPath: (path, timeoutMs) => agent.call('awaitPath', { path, timeoutMs }),
      packetSockets: (pidFile) => agent.call('packetSockets', { node: namespace, pidFile }),
      jsonRpc: (path, method, params, timeoutMs) => agent.call('jsonRpc', { path, method, params, timeoutMs }),
    },
  };
}
