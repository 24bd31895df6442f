import { setTimeout as wait } from 'node:timers/promises';
import { outlived, type Ending } from '../../dataplane/ending.js';
import { DURATIONS } from '../../durations.js';
import { readNftEndings } from '../../lab/nftEndings.js';
import { unlessNever, until } from '../../until.js';
import { mark, skipPart, type Window } from '../window.js';

/** What replicators have configured for a time only. */
export interface Endings {
  /**
   * Waits, sending nothing, until the time of everything is up that ends by itself on the host: flows with a timeout,
   * elements that expire. At once where nothing does. Returns what it was. Nothing can be said where something lasts longer than
   * `DURATIONS.endings`.
   */
  allHasEnded(): Promise<readonly Ending[]>;
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

export function endingsOf(window: Window): Endings {
  const { lab, plane } = window;
  const read = async (): Promise<readonly Ending[]> => {
    const nodes = new Set([plane.node, ...(plane.exits ?? []).map(({ node }) => node)]);
    const all = await Promise.all([plane.endings?.(), ...[...nodes].map((name) => readNftEndings(lab.node(name)))]);
    return all.flatMap((some) => {
      if (some?.ok === false) skipPart(window, some.lack);
      return some?.ok === true ? some.use : [];
    });
  };
  return {
    async allHasEnded() {
      const before = await read();
      const last = before.reduce<Ending | null>(
        (longest, one) => (longest !== null && longest.leftMs >= one.leftMs ? longest : one),
        null,
      );
      if (last === null) {
        await mark(window, 'nothing on the host ends by itself');
        return before;
      }
      if (last.leftMs > DURATIONS.endings) {
        window.blocked ??= `${last.what} ends by itself in ${seconds(last.leftMs)}, and what comes then is not known: ${seconds(DURATIONS.endings)} are waited at most. Give it less for the test`;
        return before;
      }
      await mark(window, `${last.what} ends by itself in ${seconds(last.leftMs)}, as the last of ${before.length}`);
      await wait(last.leftMs);
      let there: readonly Ending[] = before;
      await until('what ends by itself to be gone or renewed', DURATIONS.flowsSwept, async () =>
        (there = outlived(before, await read(), last.leftMs)).length === 0 ? true : null,
      ).catch(unlessNever);
      await mark(
        window,
        there[0] === undefined ? 'its time is up' : `its time is up, and ${there[0].what} is still there`,
      );
      return before;
    },
  };
}
