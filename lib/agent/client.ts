import type { Duplex, Readable, Writable } from 'node:stream';
import { createMessageConnection, StreamMessageReader } from 'vscode-jsonrpc/node.js';
import { createMessageWriter } from './messageWriter.js';
import { TestbedError } from '../testbed/error.js';
import { endStream, readChunks, writeChunk } from './chunks.js';
import type { AgentMethods, AgentNotifications } from './protocol.js';

export interface AgentClient extends AsyncDisposable {
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

/** The ways to an agent that runs. */
export interface AgentLink {
  readonly calls: { readonly from: Readable; readonly to: Writable };
  readonly chunks: Duplex;
  /** Resolves when the agent has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  /** What it has complained of so far. */
  complaints(): string;
  /** Ends one that does not answer. */
  kill(): void;
}

/**
 * Works with an agent, as soon as it answers. Throws TestbedError when it does not within the time.
 *
 * @param startMs time for its first answer
 */
export async function agentClient(link: AgentLink, startMs: number): Promise<AgentClient> {
  const { calls, chunks } = link;
  const listeners = new Map<number, ProcessListener>();
  readChunks(chunks, (id, bytes) => listeners.get(id)?.onBytes(bytes));
  let closing = false;
  const gone = link.ended.then((how) => {
    if (!closing) throw new TestbedError(how);
    throw new TestbedError('the lab agent was told to end');
  });
  gone.catch(() => undefined); // calls that race against it report it
  // Its end is reported by `ended`, with the reason.
  for (const stream of [calls.to, chunks]) stream.on('error', () => undefined);
  const connection = createMessageConnection(new StreamMessageReader(calls.from), createMessageWriter(calls.to));
  connection.onError(() => undefined);
  connection.onNotification('line', ({ id, line }: AgentNotifications['line']) => listeners.get(id)?.onLine(line));
  connection.onNotification('ended', ({ id, end }: AgentNotifications['ended']) => listeners.get(id)?.onEnd(end));
  connection.listen();
  let streams = 0;
  let processes = 0;
  const client: AgentClient = {
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
      calls.to.end();
      await link.ended;
      connection.dispose();
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TestbedError(`the lab agent did not answer within ${startMs} ms: ${link.complaints()}`)),
      startMs,
    );
  });
  try {
    await Promise.race([client.call('now', {}), late]);
  } catch (error) {
    link.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return client;
}
