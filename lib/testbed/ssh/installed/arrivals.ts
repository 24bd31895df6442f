import { setTimeout as wait } from 'node:timers/promises';
import { SshError } from '../../../ssh/error.js';
import type { FarMachine } from '../machine.js';
import { until } from '../../../until.js';
import { ETHERTYPE } from '../../../wire/ethernet.js';
import { FAR_TIMING } from '../timing.js';

/** Nobody else's, and not that of control frames. */
export const SPOKEN_TYPE = ETHERTYPE.experimental;

/** How long things are waited for, ms. */
export const ARRIVAL_TIMES = {
  /** With the slow rate a partner speaks every 30 s (IEEE 802.1AX, Slow_Periodic_Time); without frames of ours others are rare, too. */
  comes: 35_000,
  /** So long a frame may take from the kernel of another machine to us: tcpdump hands each over at once, and ssh is below 0.2 s. */
  onItsWay: 1_500,
} as const;

/** So many frames of ours must be lost before we believe that all are. */
const LOST = 3;
/** Enough for a share of 1 in 10 to lose one, and to let one pass. */
const SPOKEN_MAX = 400;

export interface Counts {
  readonly all: number;
  readonly dropped: number;
}

/** What comes in at the far end of a wire, of the frames that a verb is about. */
export interface Arrivals {
  /** Throws where none comes: then nobody could see whether it is lost. */
  comes(when: string): Promise<void>;
  /** Throws unless the sender's rule drops frames, and none of them comes. */
  stopped(counts: () => Promise<Counts>): Promise<void>;
  /** Throws unless the sender's rule drops frames, and others come. */
  thinned(counts: () => Promise<Counts>): Promise<void>;
  stop(): Promise<void>;
}

/** Looks at a port, and changes nothing there. Throws SshError where it cannot be looked at. */
export async function watchArrivals(
  machine: FarMachine,
  port: string,
  verb: string,
  speak: (() => Promise<unknown>) | null,
  times: Readonly<Record<keyof typeof ARRIVAL_TIMES, number>> = ARRIVAL_TIMES,
): Promise<Arrivals> {
  // Nobody speaks LACP in the name of another: of that only real frames count.
  const isLacp = verb === 'silenceLacp';
  const filter = isLacp ? ETHERTYPE.slow : speak === null ? null : SPOKEN_TYPE;
  const says = isLacp ? null : speak;
  let seen = 0;
  let listens = false;
  const said: string[] = [];
  const process = await machine.start({
    argv: [
      ...['tcpdump', '-i', port, '-Q', 'in', '-n', '-l', '-q', '-t', '--immediate-mode', '-s', '64', '-Z', 'root'],
      ...(filter === null ? [] : ['ether', 'proto', String(filter)]),
    ],
    asRoot: true,
    onBytes: (chunk) => void (seen += chunk.filter((byte) => byte === 0x0a).length),
    onLine(line) {
      said.push(line);
      listens ||= /^(tcpdump: )?listening on /.test(line);
    },
  });
  const arrivals: Arrivals = {
    async comes(when) {
      const before = seen;
      const what = isLacp ? 'LACP' : filter === null ? 'a frame' : 'a frame of ours';
      await until(
        `${what} to come in at ${machine.name} ${port} ${when}`,
        times.comes,
        async () => {
          await says?.();
          return seen > before ? true : null;
        },
        () => said.at(-1) ?? 'nothing',
      );
    },
    async stopped(counts) {
      // What was on its way when the rule came.
      await wait(times.onItsWay);
      const [come, { dropped }] = [seen, await counts()];
      const enough = says === null ? 1 : LOST;
      await until(`${enough} frames to be lost on their way to ${machine.name} ${port}`, times.comes, async () => {
        await says?.();
        return (await counts()).dropped - dropped >= enough ? true : null;
      });
      await wait(times.onItsWay);
      if (seen > come)
        throw new SshError(machine.name, `frames still come in at ${port}, which the other end says that it drops`);
    },
    async thinned(counts) {
      const come = seen;
      let spoken = 0;
      await until(`some frames to be lost, and others to come in at ${machine.name} ${port}`, times.comes, async () => {
        if (spoken++ < SPOKEN_MAX) await says?.();
        const { dropped, all } = await counts();
        return dropped > 0 && all > dropped && seen > come ? true : null;
      });
    },
    async stop() {
      await process.stop();
    },
  };
  try {
    await until(
      `tcpdump to listen at ${machine.name} ${port}`,
      FAR_TIMING.captureReady,
      () => Promise.resolve(listens || null),
      () => said.join('; '),
    );
  } catch (error) {
    await process.stop();
    throw error;
  }
  return arrivals;
}
