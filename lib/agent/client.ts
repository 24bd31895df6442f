import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';
import { DURATIONS } from '../durations.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { TestbedError } from '../testbed/error.js';
import type { AgentMethods, AgentNotifications } from './protocol.js';

export interface AgentClient extends AsyncDisposable {
  /** pid of the agent's keeper as this machine sees it; when it dies, so does every process and namespace of the agent. */
  readonly pid: number;
  call<M extends keyof AgentMethods>(method: M, params: AgentMethods[M]['params']): Promise<AgentMethods[M]['result']>;
  /** Returns the way to stop listening. */
  on<N extends keyof AgentNotifications>(name: N, listener: (value: AgentNotifications[N]) => void): () => void;
}

/**
 * How the agent comes to its namespaces. A user keeps being that user, with every capability inside: as a mapped root, tcpdump would try
 * to change its groups, which an unprivileged user namespace forbids (user_namespaces(7)). setpriv's parent-death signal must be set after the user namespace (changing credentials
 * clears it; kernel/cred.c commit_creds) and before the fork that --kill-child guards: harness dies -> keeper is killed -> agent is
 * killed -> its pid namespace is emptied by the kernel.
 */
export function agentCommand(isRoot: boolean, program: readonly string[]): string[] {
  const user = isRoot ? [] : ['unshare', '--user', '--map-current-user', '--keep-caps', '--'];
  return [
    ...user,
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--mount',
    '--pid',
    '--net',
    '--ipc',
    '--uts',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--',
    ...program,
  ];
}

const AGENT = join(PACKAGE_ROOT, 'dist/lib/agent/main.js');

/** Starts an agent in namespaces of its own. Throws TestbedError with the agent's last words when it does not come up. */
export async function startAgent(): Promise<AgentClient> {
  const [file = '', ...rest] = agentCommand(process.getuid?.() === 0, [process.execPath, AGENT]);
  // A group of its own: an interrupt typed at the terminal must reach the harness, which then closes its labs in order.
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4096)));
  const listeners: { readonly [N in keyof AgentNotifications]: Set<(value: AgentNotifications[N]) => void> } = {
    daemonLine: new Set(),
    daemonEnded: new Set(),
  };
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
  child.stdin.on('error', () => undefined); // its end is reported by 'close', with the reason
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(() => undefined);
  connection.onNotification('daemonLine', (value: AgentNotifications['daemonLine']) =>
    listeners.daemonLine.forEach((listener) => listener(value)),
  );
  connection.onNotification('daemonEnded', (value: AgentNotifications['daemonEnded']) =>
    listeners.daemonEnded.forEach((listener) => listener(value)),
  );
  connection.listen();
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
    on(name, listener) {
      const set = listeners[name];
      set.add(listener);
      return () => void set.delete(listener);
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
      () =>
        reject(
          new TestbedError(`the lab agent did not answer within ${DURATIONS.agentStart} ms: ${complaints.trim()}`),
        ),
      DURATIONS.agentStart,
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
