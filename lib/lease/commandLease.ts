import { runProgram } from '../runProgram.js';
import type { LeaseKeeper, LeaseState } from './types.js';

/** A coordinator of a laboratory answers within seconds; some wait for a place in a queue first. */
const COMMAND_MS = 120_000;

/**
 * A lease that another system keeps, by a program of the user's: labgrid, a CI server, a booking page. It finds in
 * its environment EVERYLEAF_LEASE (take, renew, give or show), EVERYLEAF_LEASE_BINDING, EVERYLEAF_LEASE_TOKEN,
 * EVERYLEAF_LEASE_SECONDS and EVERYLEAF_LEASE_HOLDER. It ends with 0 when it is done: taken, still held, given back.
 * With any other code it is not; the last line that it printed says why, or who holds the lease.
 *
 * @param folder where it is started: the binding's
 */
export function commandKeeper(
  command: readonly string[],
  { binding, seconds, folder }: { readonly binding: string; readonly seconds: number; readonly folder: string },
): LeaseKeeper {
  async function ask(operation: string, token = '', holder = ''): Promise<{ done: boolean; said: string | null }> {
    const [program = '', ...args] = command;
    const env = {
      ...process.env,
      EVERYLEAF_LEASE: operation,
      EVERYLEAF_LEASE_BINDING: binding,
      EVERYLEAF_LEASE_TOKEN: token,
      EVERYLEAF_LEASE_SECONDS: String(seconds),
      EVERYLEAF_LEASE_HOLDER: holder,
    };
    const { code, stdout, stderr } = await runProgram(program, args, { env, cwd: folder, timeout: COMMAND_MS });
    const last = (text: string) =>
      text
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/[^\x20-\x7e]/g, '?') ?? '';
    return { done: code === 0, said: last(stdout) || last(stderr) || null };
  }
  const unknown = (said: string | null): LeaseState => ({ is: 'unknown', secondsLeft: null, holder: null, said });
  return {
    binding,
    seconds,
    async ask(operation, token, holder) {
      const { done, said } = await ask(operation, token, `${holder.who}@${holder.where} ${holder.run}`);
      if (!done) return { done, state: unknown(said) };
      const state: LeaseState =
        operation === 'give'
          ? { is: 'free', secondsLeft: 0, holder: null, said }
          : { is: 'held', secondsLeft: seconds, holder, said };
      return { done, state };
    },
    show: async () => unknown((await ask('show')).said),
  };
}
