import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { TestbedError } from '../testbed/error.js';

/** QEMU's control socket (QEMU Machine Protocol). */
export interface Qmp extends Disposable {
  /** Throws TestbedError with what QEMU says, or when it is gone. */
  ask(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

interface Waiting {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TestbedError) => void;
}

/** Resolves when QEMU takes commands. Throws TestbedError where nobody listens at the socket. */
export async function openQmp(path: string): Promise<Qmp> {
  const socket = await connected(path);
  const waiting: Waiting[] = [];
  let greet: (() => void) | undefined;
  const greeted = new Promise<void>((resolve) => (greet = resolve));
  let isGone = false;
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => {
    const message = JSON.parse(line) as { QMP?: unknown; return?: unknown; error?: { desc: string }; event?: string };
    if (message.QMP !== undefined) greet?.();
    if (message.return === undefined && message.error === undefined) return; // an event, which nobody waits for
    const first = waiting.shift();
    if (message.error === undefined) first?.resolve(message.return);
    else first?.reject(new TestbedError(`QEMU, ${first.command}: ${message.error.desc}`));
  });
  socket.on('close', () => {
    isGone = true;
    greet?.();
    for (const { command, reject } of waiting.splice(0)) reject(new TestbedError(`QEMU ended during ${command}`));
  });
  const qmp: Qmp = {
    ask(command, args = {}) {
      if (isGone) return Promise.reject(new TestbedError(`QEMU has ended; ${command} was asked of it`));
      return new Promise((resolve, reject) => {
        waiting.push({ command, resolve, reject });
        socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
      });
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
  await greeted;
  await qmp.ask('qmp_capabilities');
  return qmp;
}

/** Connects to a unix socket that is there. */
export function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', (error) => reject(new TestbedError(`nobody listens at ${path}: ${error.message}`)));
    socket.on('error', () => undefined); // 'close' follows
  });
}
