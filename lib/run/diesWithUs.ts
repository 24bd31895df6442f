/**
 * A command that the kernel kills when this process ends, however it ends (PR_SET_PDEATHSIG, prctl(2)). The shell then
 * checks that we are still its parent, since we may have ended just before the signal was requested, and becomes the
 * program.
 */
export function diesWithUs(program: readonly string[]): [file: string, ...args: string[]] {
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'sh',
    '-c',
    '[ "$PPID" = "$0" ] && exec "$@"',
    String(process.pid),
    ...program,
  ];
}
