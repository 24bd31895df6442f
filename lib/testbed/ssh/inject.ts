import type { ClientChannel } from 'ssh2';
import { SSH_TIMING } from '../../ssh/timing.js';
import { TestbedError } from '../error.js';
import type { Inject } from '../port.js';
import type { FrameBytes } from '../../wire/frame.js';
import type { MachineClock } from './clock.js';
import type { FarMachine } from './machine.js';
import type { Sender } from './senders.js';
import { FAR_TIMING } from './timing.js';

/** Frames per second unless the stimulus asks for another rate, as in namespaces. */
const DEFAULT_RATE = 8_000;
const NS_PER_SECOND = 1_000_000_000;

/** The program of one node that sends frames out of its ports. It is started when it is first needed. */
export interface FarSender extends AsyncDisposable {
  inject(port: string): Inject;
}

interface Running {
  readonly channel: ClientChannel;
  readonly gone: Promise<void>;
  /** The next line that it says; rejects when it has ended. */
  answer(): Promise<string>;
}

async function start(machine: FarMachine, node: string, argv: readonly string[]): Promise<Running> {
  const channel = await machine.channel(argv);
  let text = '';
  let said = '';
  let closed = false;
  let wake: () => void = () => undefined;
  channel.on('error', () => undefined);
  channel.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
  channel.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    wake();
  });
  const beat = setInterval(() => channel.writable && channel.write('\n'), SSH_TIMING.beat);
  const gone = new Promise<void>((resolve) =>
    channel.once('close', () => {
      clearInterval(beat);
      closed = true;
      wake();
      resolve();
    }),
  );
  return {
    channel,
    gone,
    async answer() {
      for (;;) {
        const end = text.indexOf('\n');
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return line;
        }
        if (closed)
          throw (
            machine.lost() ?? new TestbedError(`on ${node}: the program that sends frames has ended: ${said.trim()}`)
          );
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

/** The request for one batch: see `Sender`. */
function request(port: string, frames: readonly FrameBytes[], rate: number): Buffer {
  const gap = Math.round(NS_PER_SECOND / rate);
  const head = `${port} ${gap} ${frames.map((frame) => frame.length).join(' ')}\n`;
  return Buffer.concat([Buffer.from(head), ...frames]);
}

/**
 * Sends by a program of the machine.
 *
 * @param enter what stands in front of each command of the node
 */
export function openSender(
  machine: FarMachine,
  node: string,
  enter: readonly string[],
  sender: Sender,
  clock: MachineClock,
): FarSender {
  let running: Promise<Running> | null = null;
  let before: Promise<unknown> = Promise.resolve();

  async function send(port: string, frames: readonly FrameBytes[], rate: number): Promise<readonly string[]> {
    running ??= start(machine, node, [...enter, ...sender.argv]);
    const program = await running;
    program.channel.write(request(port, frames, rate));
    const limit = FAR_TIMING.command + (frames.length / rate) * 1_000;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(new TestbedError(`on ${node}: ${sender.name} did not send ${frames.length} frames in ${limit} ms`)),
        limit,
      );
    });
    const [word, ...rest] = (await Promise.race([program.answer(), late]).finally(() => clearTimeout(timer))).split(
      ' ',
    );
    if (word !== 'ok')
      throw new TestbedError(`on ${node}: ${sender.name} cannot send out of ${port}: ${rest.join(' ').trim()}`);
    if (rest.length !== frames.length)
      throw new TestbedError(`on ${node}: ${sender.name} sent ${rest.length} frames of ${frames.length}`);
    return rest.map((stamp) => String(BigInt(stamp) - clock.aheadNs));
  }

  return {
    // One batch after another: a node has one program.
    inject:
      (port) =>
      (frames, rate = DEFAULT_RATE) => {
        if (frames.length === 0) return Promise.resolve([]);
        const sent = before.then(() => send(port, frames, rate));
        before = sent.catch(() => undefined);
        return sent;
      },
    async [Symbol.asyncDispose]() {
      const ending = await running?.catch(() => null);
      // After a reset of the lab it is started again.
      running = null;
      ending?.channel.end();
      await ending?.gone;
    },
  };
}
