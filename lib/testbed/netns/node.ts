import { join } from 'node:path';
import { type AgentClient } from '../../agent/client.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { offer } from '../capability.js';
import type { Clock } from '../clock.js';
import { failedCommand } from '../failedCommand.js';
import type { Node, Terminal } from '../node.js';
import { agentPidOf, enterCommand } from './enter.js';
import { startProcess } from './process.js';
import { NETNS_TIMING } from './timing.js';

/** A node that is a network namespace of the agent; `namespace` is its name there. */
export function createNode(agent: AgentClient, clock: Clock, name: string, namespace: string, scratch: string): Node {
  const terminal: Terminal = (argv, env, folder) =>
    enterCommand({ agentPid: agentPidOf(agent.pid), namespace, isRoot: process.getuid?.() === 0 }, argv, env, folder);
  return {
    name,
    clock,
    scratch,
    async exec(argv, options = {}) {
      const result = await agent.call('run', {
        node: namespace,
        argv,
        timeoutMs: options.timeoutMs ?? NETNS_TIMING.command,
        ...(options.input === undefined ? {} : { input: agent.send(Buffer.from(options.input)) }),
        ...(options.env === undefined ? {} : { env: options.env }),
      });
      if (result.code !== 0 && options.mayFail !== true) throw failedCommand(name, argv, result);
      return result;
    },
    spawn: (argv, options = {}) => startProcess(agent, namespace, argv, options),
    // The build is there, too: they share a file system.
    deploy: (program) => Promise.resolve(offer([process.execPath, join(PACKAGE_ROOT, 'dist/lib', program)])),
    terminal: offer(terminal),
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
