import type { SshConnection } from '../ssh/connect.js';
import { SshError } from '../ssh/error.js';
import { run } from '../ssh/process.js';
import { SSH_TIMING } from '../ssh/timing.js';
import { LEASE_SCRIPT } from './farScript.js';
import { parseHolder } from './holder.js';
import type { LeaseAnswer, LeaseKeeper } from './types.js';

/**
 * All leases of a machine. In /tmp, where every user may write, as those who want a lease need not log in as the same
 * user; and open to all of them, as each may have to take over what another one left. A lease is an agreement between
 * people who may use the machines anyway; it keeps nobody out.
 */
const FOLDER = '/tmp/everyleaf-leases';

const ANSWER = /^(ok|no) (free|held|early|damaged) (\d+)\n([^\n]*)\n$/;

/**
 * The lease of a binding as files on one of its machines: see farScript.ts.
 *
 * @throws SshError when that machine cannot be asked, or no lease can be kept there.
 */
export function farKeeper(connection: SshConnection, binding: string, seconds: number): LeaseKeeper {
  async function ask(...args: readonly string[]): Promise<LeaseAnswer> {
    const [operation = '', token = '-', holder = '{}'] = args;
    const argv = [
      'sh',
      '-c',
      LEASE_SCRIPT,
      'everyleaf',
      operation,
      `${FOLDER}/${binding}`,
      token,
      String(seconds),
      holder,
    ];
    const { code, stdout, stderr } = await run(connection, { argv }, SSH_TIMING.command);
    const [, result, is, left, line = ''] = ANSWER.exec(stdout) ?? [];
    if (code !== 0 || (is !== 'free' && is !== 'held' && is !== 'early' && is !== 'damaged'))
      throw new SshError(
        connection.machine.name,
        `the lease of ${binding} cannot be kept there: ${stderr.trim() || `code ${code}`}`,
      );
    const heldBy = is === 'held' ? parseHolder(line) : null;
    return { done: result === 'ok', state: { is, secondsLeft: Number(left), holder: heldBy, said: null } };
  }
  return {
    binding,
    seconds,
    regains: true,
    ask: (operation, token, holder) => ask(operation, token, JSON.stringify(holder)),
    show: async () => (await ask('show')).state,
  };
}
