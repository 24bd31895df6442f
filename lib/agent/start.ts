import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { programFile } from '../freshBundle.js';
import { agentClient, type AgentClient } from './client.js';
import { agentCommand, CHUNK_CHANNEL } from './command.js';

/** An agent on this machine. */
export interface LocalAgent extends AgentClient {
  /**
   * pid of the agent's supervisor as this machine sees it; when it dies, so does every process and namespace of the
   * agent.
   */
  readonly pid: number;
}

/** A healthy agent answers its first call in about 0.1 s; a machine under heavy load has been seen to need 2 s. */
const START_MS = 15_000;

/**
 * Starts an agent in namespaces of its own. Throws TestbedError with the agent's last words when it does not come up.
 */
export async function startAgent(): Promise<LocalAgent> {
  const agent = [process.execPath, programFile('agent', 'dist/lib/agent/main.js')];
  const [file = '', ...rest] = agentCommand(process.getuid?.() === 0, agent);
  // Its own process group: an interrupt typed at the terminal must reach the harness, which then closes its labs in
  // order.
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4096)));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) =>
      resolve(`cannot start the lab agent: ${error.message}; "everyleaf doctor" shows what is missing`),
    );
    child.on('close', (code, signal) =>
      resolve(
        `the lab agent ended (${signal ?? `code ${String(code)}`}): ${complaints.trim() || 'no word from it'}; "everyleaf doctor" shows what is missing`,
      ),
    );
  });
  const client = await agentClient(
    {
      calls: { from: child.stdout, to: child.stdin },
      // Node makes the pipe, and it goes both ways (child_process.spawn, options.stdio).
      chunks: child.stdio[CHUNK_CHANNEL] as Duplex,
      ended,
      complaints: () => complaints.trim(),
      kill: () => void child.kill('SIGKILL'),
    },
    START_MS,
  );
  return { ...client, pid: child.pid ?? 0 };
}
