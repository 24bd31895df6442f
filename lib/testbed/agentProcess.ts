import type { AgentClient } from '../agent/client.js';
import type { Process, ProcessEnd, SpawnOptions } from './node.js';
import { keepLines } from './lines.js';
import type { Timing } from './timing.js';

/** Starts a process of the agent; `node` is the name of a namespace there. */
export async function startProcess(
  agent: AgentClient,
  node: string,
  argv: readonly string[],
  { env, input, onLine, onBytes }: SpawnOptions,
  timing: Timing,
): Promise<Process> {
  const id = agent.nextId();
  const lines = keepLines();
  let end: ProcessEnd | null = null;
  let finish: (value: ProcessEnd) => void = () => undefined;
  const ended = new Promise<ProcessEnd>((resolve) => (finish = resolve));
  let lastByte: () => void = () => undefined;
  // Its end and its bytes come on two channels, and either may come last.
  const allBytes = onBytes === undefined ? Promise.resolve() : new Promise<void>((resolve) => (lastByte = resolve));
  const close = agent.listen(id, {
    onLine(line) {
      onLine?.(line);
      lines.take(line);
    },
    onBytes(chunk) {
      if (chunk === null) lastByte();
      else onBytes?.(chunk);
    },
    onEnd(value) {
      void allBytes.then(() => {
        end = value;
        close();
        lines.end();
        finish(value);
      });
    },
  });
  await agent.call('start', {
    node,
    argv,
    id,
    bytes: onBytes !== undefined,
    ...(env === undefined ? {} : { env }),
    ...(input === undefined ? {} : { input: agent.send(Buffer.from(input)) }),
  });
  return {
    ended,
    hasEnded: () => end,
    line: (pattern, timeoutMs) => lines.line(pattern, timeoutMs),
    async stop(signal = 'SIGTERM', patienceMs = timing.processStop) {
      if (end !== null) return end;
      await agent.call('stop', { id, signal, timeoutMs: patienceMs });
      return ended;
    },
  };
}
