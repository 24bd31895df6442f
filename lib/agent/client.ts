import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { createMessageConnection, StreamMessageReader } from 'vscode-jsonrpc/node.js';
import { programFile } from '../freshBundle.js';
import { createMessageWriter } from './messageWriter.js';
import { TestbedError } from '../testbed/error.js';
import { endStream, readChunks, writeChunk } from './chunks.js';
import { agentCommand, CHUNK_CHANNEL } from './command.js';
import type { AgentMethods, AgentNotifications } from './protocol.js';

export interface AgentClient extends AsyncDisposable {
  /**
   * pid of the agent's supervisor as this machine sees it; when it dies, so does every process and namespace of the
   * agent.
   */
  readonly pid: number;
  call<M extends keyof AgentMethods>(method: M, params: AgentMethods[M]['params']): Promise<AgentMethods[M]['result']>;
  /** Sends bytes ahead of a call that names their stream. */
  send(bytes: Uint8Array): number;
  /** A number for a process that no other process has yet. */
  nextId(): number;
  /** Listens to one process; call it before the process is started. The returned function stops listening. */
  listen(id: number, listener: ProcessListener): () => void;
}

/** Is told what happens to one process of the agent. */
export interface ProcessListener {
  onLine(line: string): void;
  /** The bytes are lent for the time of the call; null at the end. */
  onBytes(chunk: Uint8Array | null): void;
  onEnd(end: AgentNotifications['ended']['end']): void;
}

/** A healthy agent answers its first call in about 0.1 s; a machine under heavy load has been seen to need 2 s. */
const START_MS = 15_000;

/**
 * Starts an agent in namespaces of its own. Throws TestbedError with the agent's last words when it does not come up.
 */
export async function startAgent(): Promise<AgentClient> {
  const agent = [process.execPath, programFile('agent', 'dist/lib/agent/main.js')];
  const [file = '', ...rest] = agentCommand(process.getuid?.() === 0, agent);
  // Its own process group: an interrupt typed at the terminal must reach the harness, which then closes its labs in
  // order.
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
  // Node makes the pipe, and it goes both ways (child_process.spawn, options.stdio).
  const chunks = child.stdio[CHUNK_CHANNEL] as Duplex;
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4096)));
  const listeners = new Map<number, ProcessListener>();
  readChunks(chunks, (id, bytes) => listeners.get(id)?.onBytes(bytes));
  let broken: ((error: TestbedError) => void) | undefined;
  const gone = new Promise<never>((_, reject) => (broken = reject));
  gone.catch(() => undefined); // calls that race against it report it
  let closing = false;
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      broken?.(
        new TestbedError(`cannot start the lab agent: ${error.message}; "everyleaf doctor" shows what is missing`),
      );
      resolve();
    });
    child.on('close', (code, signal) => {
      if (!closing)
        broken?.(
          new TestbedError(
            `the lab agent ended (${signal ?? `code ${String(code)}`}): ${complaints.trim() || 'no word from it'}; "everyleaf doctor" shows what is missing`,
          ),
        );
      resolve();
    });
  });
  // Its end is reported by 'close', with the reason.
  for (const stream of [child.stdin, chunks]) stream.on('error', () => undefined);
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), createMessageWriter(child.stdin));
  connection.onError(() => undefined);
  connection.onNotification('line', ({ id, line }: AgentNotifications['line']) => listeners.get(id)?.onLine(line));
  connection.onNotification('ended', ({ id, end }: AgentNotifications['ended']) => listeners.get(id)?.onEnd(end));
  connection.listen();
  let streams = 0;
  let processes = 0;
  const client: AgentClient = {
    pid: child.pid ?? 0,
    async call<M extends keyof AgentMethods>(method: M, params: AgentMethods[M]['params']) {
      try {
        return await Promise.race([connection.sendRequest<AgentMethods[M]['result']>(method, params), gone]);
      } catch (error) {
        if (error instanceof TestbedError) throw error;
        throw new TestbedError(`lab agent, ${method}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    },
    send(bytes) {
      const stream = ++streams;
      writeChunk(chunks, stream, bytes);
      endStream(chunks, stream);
      return stream;
    },
    nextId: () => ++processes,
    listen(id, listener) {
      listeners.set(id, listener);
      return () => void listeners.delete(id);
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      connection.end();
      child.stdin.end();
      await ended;
      connection.dispose();
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TestbedError(`the lab agent did not answer within ${START_MS} ms: ${complaints.trim()}`)),
      START_MS,
    );
  });
  try {
    await Promise.race([client.call('now', {}), late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return client;
}
