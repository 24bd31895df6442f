import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { TestbedError } from '../testbed/error.js';
import { connected } from './qmp.js';
import { hadItsTime } from './starved.js';

/** A shell of the guest that runs one script after another. */
export interface GuestShell extends Disposable {
  /** The script's stdout and stderr, and its exit code. Throws TestbedError when no answer comes within the time that the guest ran. */
  run(script: string, timeoutMs: number): Promise<{ readonly code: number; readonly output: string }>;
}

/**
 * @param path the guest's port on this machine
 * @param lastWords what is known of it when it is gone
 * @param waitedNs how long its CPU was ready and did not run, ns, so far; null = nobody knows
 */
export async function openGuestShell(
  path: string,
  lastWords: () => Promise<string>,
  waitedNs: () => Promise<number | null> = () => Promise.resolve(null),
): Promise<GuestShell> {
  const socket = await connected(path);
  let heard = '';
  let look: (() => void) | undefined;
  let isGone = false;
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    heard += text;
    look?.();
  });
  socket.on('close', () => {
    isGone = true;
    look?.();
  });
  return {
    async run(script, timeoutMs) {
      // Nobody can print it by chance, so that output of an earlier script is never taken for an answer.
      const mark = `end-${randomUUID()}`;
      const answer = new RegExp(`${mark} (\\d+)\\n`);
      heard = '';
      const over = new AbortController();
      try {
        const found = new Promise<RegExpExecArray>((resolve, reject) => {
          look = () => {
            const end = answer.exec(heard);
            if (end !== null) resolve(end);
            else if (isGone) void lastWords().then((said) => reject(new TestbedError(`the guest is gone: ${said}`)));
          };
          const sleep = (ms: number) => wait(ms, undefined, { signal: over.signal });
          hadItsTime(timeoutMs, waitedNs, { now: () => performance.now(), sleep }).then(
            () => reject(new TestbedError(`the guest did not answer within ${timeoutMs} ms in which it ran`)),
            // An answer came first.
            reject,
          );
          look();
        });
        socket.write(`( ${script}\n) </dev/null 2>&1; printf '%s %s\\n' ${mark} $?\n`);
        const end = await found;
        return { code: Number(end[1]), output: heard.slice(0, end.index) };
      } finally {
        over.abort();
        look = undefined;
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
