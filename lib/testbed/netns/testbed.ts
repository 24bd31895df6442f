import { join } from 'node:path';
import { startAgent } from '../../agent/start.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { openAgentLab } from '../agentLab.js';
import type { AgentPlace } from '../agentNode.js';
import { offer } from '../capability.js';
import type { Testbed } from '../testbed.js';
import { agentPidOf, enterCommand } from './enter.js';
import { NETNS_TIMING } from './timing.js';

/**
 * Labs in namespaces of this machine. One agent; its labs are opened one after another, or side by side under different
 * names.
 */
export async function openNetnsTestbed(): Promise<Testbed> {
  const agent = await startAgent();
  const place: AgentPlace = {
    agent,
    name: 'netns',
    timing: NETNS_TIMING,
    // The build is there, too: they share a file system.
    deploy: (program) => Promise.resolve(offer([process.execPath, join(PACKAGE_ROOT, 'dist/lib', program)])),
    terminal: (namespace) =>
      offer((argv, env, folder) =>
        enterCommand(
          { agentPid: agentPidOf(agent.pid), namespace, isRoot: process.getuid?.() === 0 },
          argv,
          env,
          folder,
        ),
      ),
  };
  let labs = 0;
  return {
    name: place.name,
    timing: NETNS_TIMING,
    freshness: 'new',
    open: (wanted) => openAgentLab(place, wanted, ++labs),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}
