import { runProgram } from '../runProgram.js';
import { UserError } from '../userError.js';
import { UNAVAILABLE } from './command.js';
import type { Hardware } from './hardware.js';

/** Dies when we do, however that is. */
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'];

/**
 * The command that runs a program joined to what its hardware has outside. What makes way does not fork: the program is the process that was
 * started, and its network namespace ends with it. A user is root of a namespace of users first, as a change of
 * credentials clears the signal (kernel/cred.c, commit_creds).
 */
export function joined(
  { outside }: Pick<Hardware, 'outside'>,
  program: readonly string[],
  isRoot = process.getuid?.() === 0,
): readonly string[] {
  if (outside === null) return [...DIES_WITH_US, ...program];
  const user = isRoot ? [] : ['unshare', '--user', '--map-root-user', '--'];
  return [...user, ...DIES_WITH_US, 'unshare', '--net', '--', 'sh', '-c', outside, 'sh', ...program];
}

/** Makes once what the hardware has outside, with nothing joined to it. Throws UserError where this machine refuses. */
export async function requireOutside(hardware: Pick<Hardware, 'name' | 'outside'>): Promise<void> {
  if (hardware.outside === null) return;
  const [start = '', ...rest] = joined(hardware, ['true']);
  const { code, stderr } = await runProgram(start, rest);
  if (code === 0) return;
  throw new UserError(
    `this machine makes no taps for the cables of ${hardware.name} NICs: ${stderr.trim().split('\n')[0] ?? ''}`,
    'run it as root where /dev/net/tun is there (modprobe tun), with tc and its modules cls_u32 and act_mirred',
    UNAVAILABLE,
  );
}
