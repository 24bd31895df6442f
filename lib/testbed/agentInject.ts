import { packFrames } from '../agent/chunks.js';
import type { AgentClient } from '../agent/client.js';
import type { Inject } from './port.js';

/**
 * Frames per second unless the stimulus asks for another rate: half of what fills a switch's socket buffer on a busy
 * machine.
 */
const DEFAULT_RATE = 8_000;

/** Sends out of a port of a namespace. */
export function injectInto(agent: AgentClient, namespace: string, port: string): Inject {
  return (frames, rate = DEFAULT_RATE) =>
    agent.call('inject', { node: namespace, port, rate, frames: agent.send(packFrames(frames)) });
}
