/** File descriptor, in the agent and in the harness's list of its pipes, of the chunk channel (lib/agent/chunks.ts). */
export const CHUNK_CHANNEL = 3;

/**
 * The command that puts the agent into its namespaces. A user keeps being that user, with every capability inside: as a
 * mapped root, tcpdump would try to change its groups, which an unprivileged user namespace forbids
 * (user_namespaces(7)). setpriv's parent-death signal must be set after the user namespace (changing credentials clears
 * it; kernel/cred.c commit_creds) and before the fork that --kill-child guards: harness dies -> supervisor is killed ->
 * agent is killed -> its pid namespace is emptied by the kernel.
 */
export function agentCommand(isRoot: boolean, program: readonly string[]): string[] {
  const user = isRoot ? [] : ['unshare', '--user', '--map-current-user', '--keep-caps', '--'];
  return [
    ...user,
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--mount',
    '--pid',
    '--net',
    '--ipc',
    '--uts',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--',
    ...program,
  ];
}
