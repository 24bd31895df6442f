import { realtimeNs } from '../agent/sys.js';
import type { ClockOffset } from '../testbed/clock.js';
import { shellWord } from '../shellQuote.js';
import type { SshConnection } from './connect.js';
import { SshError } from './error.js';
import { sessionThatWaits } from './told.js';

/** How a machine's clock can be read, best first. */
interface Reading {
  readonly name: string;
  /** A command of the loop, which prints one number. */
  readonly command: string;
  readonly shell: string;
  /** What one step of that number is, ns. */
  readonly stepNs: bigint;
  /** How long it may stay at a number that is over, ns; 0 unless given. */
  readonly lagNs?: bigint;
  /** Samples that are taken, each one round trip. */
  readonly samples: number;
}

export const READINGS: readonly Reading[] = [
  // No process per sample: 0.3 to 0.6 ms of round trip in a local network.
  { name: 'bash', shell: 'bash', command: 'echo $EPOCHREALTIME', stepNs: 1_000n, samples: 60 },
  // One process per sample, some ms.
  { name: 'date', shell: 'sh', command: 'date +%s%N', stepNs: 1n, samples: 40 },
  // busybox: whole seconds. Enough samples that one comes just before, and one just after a second begins.
  {
    name: 'date of busybox',
    shell: 'sh',
    command: 'date +%s',
    stepNs: 1_000_000_000n,
    // time(2) reads the clock of the last tick (vdso(7); the kernel's CLOCK_REALTIME_COARSE), of which there are 100 a
    // second at least; one more for a virtual processor that was not running when it was due: 4.2 ms were seen.
    lagNs: 20_000_000n,
    samples: 600,
  },
];

/** The loop ends by itself, also where the network is cut meanwhile: seconds. */
const LONGEST_S = 15;

/** What is known of an offset: it is not less, and not more. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * One sample: the far clock showed `shown` (rounded down to a step, and late by a lag at most) at some instant between our
 * `asked` and `heard`. That says the offset within the round trip, a step and the lag, whichever of the two ways took
 * longer.
 */
export function boundsOf(
  asked: bigint,
  shown: bigint,
  heard: bigint,
  { stepNs, lagNs = 0n }: Pick<Reading, 'stepNs' | 'lagNs'>,
): Bounds {
  return { low: shown - heard, high: shown + stepNs + lagNs - asked };
}

/**
 * What all samples say together. Null where they contradict each other: a clock was set, or runs away from ours.
 */
export function together(all: readonly Bounds[]): ClockOffset | null {
  const low = all.map((one) => one.low).reduce((a, b) => (a > b ? a : b));
  const high = all.map((one) => one.high).reduce((a, b) => (a < b ? a : b));
  return low > high ? null : { ns: (low + high) / 2n, errorNs: (high - low + 1n) / 2n };
}

function parseNs(line: string, { stepNs }: Reading): bigint | null {
  // Some languages write a comma.
  const digits = line.trim().replace(/[.,]/, '');
  return /^\d+$/.test(digits) ? BigInt(digits) * stepNs : null;
}

/** Samples of one reading; null where this machine cannot read its clock so. */
async function sample(connection: SshConnection, reading: Reading): Promise<readonly Bounds[] | null> {
  const { shell, command, samples } = reading;
  // Its stdin is the questions, so it cannot run under the wrapper; it ends by time instead, and with its stdin.
  // What ends it after its time ends with it.
  const watch = `(trap 'kill $s; exit' TERM; sleep ${LONGEST_S} & s=$!; wait $s; kill $$)`;
  const script = `${watch} <&- >/dev/null 2>&1 & w=$!; while read -r x; do ${command}; done; kill $w`;
  const line = `exec env LC_ALL=C ${shell} -c ${shellWord(script)}`;
  const channel = await sessionThatWaits(connection, line, `the loop that reads the clock (${reading.name})`);
  const found: Bounds[] = [];
  channel.stderr.resume();
  channel.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    let asked = 0n;
    let text = '';
    const ask = (): void => {
      asked = realtimeNs();
      channel.write('\n');
    };
    channel.on('data', (chunk: Buffer) => {
      const heard = realtimeNs();
      text += chunk.toString('latin1');
      if (!text.endsWith('\n')) return;
      const shown = parseNs(text, reading);
      text = '';
      if (shown !== null) found.push(boundsOf(asked, shown, heard, reading));
      if (shown === null || found.length === samples) channel.end();
      else ask();
    });
    channel.once('close', () => resolve());
    ask();
  });
  return found.length === 0 ? null : found;
}

/** How far a machine's clock is ahead of ours, how well that is known, and how it was read. */
export interface FarClock extends ClockOffset {
  readonly by: string;
}

/** Measures a machine's clock against ours. Throws SshError where it cannot be read, or is being set. */
export async function measureClock(connection: SshConnection): Promise<FarClock> {
  for (const reading of READINGS) {
    const found = await sample(connection, reading);
    const lost = connection.lost();
    if (lost !== null) throw lost;
    if (found === null) continue;
    const offset = together(found);
    if (offset === null)
      throw new SshError(connection.machine.name, 'its clock was set while it was read, or runs at another rate');
    return { ...offset, by: reading.name };
  }
  throw new SshError(connection.machine.name, 'its clock cannot be read: neither bash nor date is there');
}
