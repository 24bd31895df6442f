import { DURATIONS } from '../../durations.js';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { offer } from '../capability.js';
import type { Clock } from '../clock.js';
import type { Terminal } from '../node.js';
import type { CommandResult, Node, ProcessEnd, RunningProcess } from '../types.js';
import { type AgentClient } from '../../agent/client.js';
import { TestbedError } from '../error.js';
import { agentPidOf, enterCommand } from './enter.js';

/** Frames per second unless the stimulus asks for another rate: half of what fills a switch's socket buffer on a busy machine. */
const DEFAULT_RATE = 8_000;

function commandText(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}

/** Says what was run, where, and what it answered. */
export function failedCommand(node: string, argv: readonly string[], result: CommandResult): TestbedError {
  const how = result.signal === null ? `code ${String(result.code)}` : result.signal;
  return new TestbedError(
    `on ${node}: ${commandText(argv)} ended with ${how}: ${(result.stderr || result.stdout).trim()}`,
  );
}

async function startProcess(
  agent: AgentClient,
  node: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> | undefined,
  onLine?: (line: string) => void,
): Promise<RunningProcess> {
  let id = -1;
  let end: ProcessEnd | null = null;
  const early: string[] = [];
  const watchers = new Set<(line: string | null) => void>();
  let finish: (value: ProcessEnd) => void = () => undefined;
  const ended = new Promise<ProcessEnd>((resolve) => (finish = resolve));
  // The process may speak before we know its id: keep all lines until then.
  const before: { id: number; line: string }[] = [];
  const take = (line: string) => {
    early.push(line);
    if (early.length > 200) early.shift();
    onLine?.(line);
    for (const watcher of watchers) watcher(line);
  };
  const offLine = agent.on('daemonLine', (said) => {
    if (id === -1) before.push(said);
    else if (said.id === id) take(said.line);
  });
  const offEnd = agent.on('daemonEnded', (said) => {
    if (id !== -1 && said.id !== id) return;
    if (id === -1) return void earlyEnds.set(said.id, said.end);
    over(said.end);
  });
  const earlyEnds = new Map<number, ProcessEnd>();
  const over = (value: ProcessEnd) => {
    end = value;
    offLine();
    offEnd();
    for (const watcher of watchers) watcher(null);
    finish(value);
  };
  ({ id } = await agent.call('startDaemon', { node, argv, ...(env === undefined ? {} : { env }) }));
  for (const said of before) if (said.id === id) take(said.line);
  const already = earlyEnds.get(id);
  if (already !== undefined) over(already);
  return {
    ended,
    hasEnded: () => end,
    line(pattern, timeoutMs) {
      const said = early.find((line) => pattern.test(line));
      if (said !== undefined || end !== null) return Promise.resolve(said ?? null);
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
    async stop(signal = 'SIGTERM') {
      if (end !== null) return end;
      return agent.call('stopDaemon', { id, signal, timeoutMs: DURATIONS.processStop });
    },
  };
}

/** A node that is a network namespace of the agent; `namespace` is its name there. */
export function createNode(agent: AgentClient, clock: Clock, name: string, namespace: string, scratch: string): Node {
  const sysctl = async (values: Readonly<Record<string, string>>): Promise<void> => {
    await agent.call('sysctl', { node: namespace, values });
  };
  const writeFile = async (path: string, text: string): Promise<void> => {
    await agent.call('writeFile', { path, text });
  };
  const awaitPath = (path: string, timeoutMs: number): Promise<boolean> => agent.call('awaitPath', { path, timeoutMs });
  const terminal: Terminal = (argv, env, folder) =>
    enterCommand({ agentPid: agentPidOf(agent.pid), namespace, isRoot: process.getuid?.() === 0 }, argv, env, folder);
  const start: Node['spawn'] = (argv, options = {}) =>
    startProcess(agent, namespace, argv, options.env, options.onLine);
  return {
    name,
    clock,
    scratch,
    runFolder: scratch,
    spawn: start,
    start,
    deploy: (program) => Promise.resolve(offer([process.execPath, join(PACKAGE_ROOT, 'dist/lib', program)])),
    terminal: offer(terminal),
    shortcuts: { sysctl, put: (path, bytes) => writeFile(path, Buffer.from(bytes).toString()), awaitPath },
    sysctl,
    writeFile,
    awaitPath,
    entry: terminal,
    async exec(argv, options = {}) {
      const result = await agent.call('run', {
        node: namespace,
        argv,
        timeoutMs: options.timeoutMs ?? DURATIONS.command,
        ...(options.input === undefined ? {} : { input: options.input }),
        ...(options.env === undefined ? {} : { env: options.env }),
      });
      if (result.code !== 0 && options.mayFail !== true) throw failedCommand(name, argv, result);
      return result;
    },
    inject: (port, frames, rate = DEFAULT_RATE) =>
      agent.call('inject', {
        node: namespace,
        port,
        rate,
        frames: frames.map((frame) => Buffer.from(frame).toString('base64')),
      }),
    async capture(port, { direction, salt }) {
      const { id, command, ready } = await agent.call('startCapture', { node: namespace, port, direction, salt });
      return {
        command,
        ready,
        seen: (token, timeoutMs) => agent.call('awaitToken', { id, token, timeoutMs }),
        missing: (tokens, timeoutMs) => agent.call('awaitTokens', { id, tokens, timeoutMs }),
        async stop() {
          const { bytes, ...counters } = await agent.call('stopCapture', { id });
          return { ...counters, bytes: Buffer.from(bytes, 'base64') };
        },
      };
    },
    socketDrops: () => agent.call('socketDrops', { node: namespace }),
  };
}
