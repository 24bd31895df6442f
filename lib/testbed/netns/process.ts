import type { AgentClient } from '../../agent/client.js';
import type { Process, ProcessEnd, SpawnOptions } from '../node.js';
import { NETNS_TIMING } from './timing.js';

/** Lines that a process printed before anything waited for one. */
const LINES_KEPT = 200;

/** Starts a process of the agent; `node` is the name of a namespace there. */
export async function startProcess(
  agent: AgentClient,
  node: string,
  argv: readonly string[],
  { env, input, onLine, onBytes }: SpawnOptions,
): Promise<Process> {
  const id = agent.nextId();
  const said: string[] = [];
  const watchers = new Set<(line: string | null) => void>();
  let end: ProcessEnd | null = null;
  let finish: (value: ProcessEnd) => void = () => undefined;
  const ended = new Promise<ProcessEnd>((resolve) => (finish = resolve));
  let lastByte: () => void = () => undefined;
  // Its end and its bytes come on two channels, and either may come last.
  const allBytes = onBytes === undefined ? Promise.resolve() : new Promise<void>((resolve) => (lastByte = resolve));
  const close = agent.listen(id, {
    onLine(line) {
      said.push(line);
      if (said.length > LINES_KEPT) said.shift();
      onLine?.(line);
      for (const watcher of watchers) watcher(line);
    },
    onBytes(chunk) {
      if (chunk === null) lastByte();
      else onBytes?.(chunk);
    },
    onEnd(value) {
      void allBytes.then(() => {
        end = value;
        close();
        for (const watcher of watchers) watcher(null);
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
    line(pattern, timeoutMs) {
      const match = said.find((line) => pattern.test(line));
      if (match !== undefined || end !== null) return Promise.resolve(match ?? null);
      return new Promise((resolve) => {
        const watcher = (line: string | null) => {
          if (line !== null && !pattern.test(line)) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(line);
        };
        const timer = setTimeout(() => watcher(null), timeoutMs);
        watchers.add(watcher);
      });
    },
    async stop(signal = 'SIGTERM', patienceMs = NETNS_TIMING.processStop) {
      if (end !== null) return end;
      await agent.call('stop', { id, signal, timeoutMs: patienceMs });
      return ended;
    },
  };
}
