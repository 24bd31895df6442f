import { LONGEST_CHANGE_MS, type Change, type CommandStep } from '../testbed/change.js';
import type { Host } from '../topology/model.js';

/**
 * A port of a VM is not in the host's bridge of the kernel; undone, it is there as before.
 * @param again what else makes it the port that it was: a port that leaves loses its VLANs, flags and addresses
 */
export function withoutBridgePort({ node, nic }: Host, port: string, again: readonly CommandStep[]): Change {
  const ip = (...argv: readonly string[]): CommandStep => ({ node, argv: ['ip', 'link', 'set', 'dev', port, ...argv] });
  return {
    name: `${port} is not there`,
    steps: [ip('nomaster')],
    undo: [ip('master', nic), ...again],
    maxMs: LONGEST_CHANGE_MS,
  };
}
