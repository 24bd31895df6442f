import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
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

/** QEMU makes a socket's file a moment before it listens there: a slice of a busy CPU lies between. */
const LISTENS_MS = 10_000;
/** Between two tries: nothing else happens meanwhile. */
const TRY_MS = 5;

/** Connects to a unix socket that is there, as soon as somebody listens. Throws TestbedError. */
export async function connected(path: string): Promise<Socket> {
  const begun = performance.now();
  for (;;) {
    const socket = connect(path);
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('error', resolve);
    });
    socket.on('error', () => undefined); // 'close' follows
    if (error === null) return socket;
    if (error.code !== 'ECONNREFUSED' || performance.now() - begun > LISTENS_MS)
      throw new TestbedError(`nobody listens at ${path}: ${error.message}`);
    await wait(TRY_MS);
  }
}
