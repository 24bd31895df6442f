import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identityOf, isAlive } from '../../console/identity.js';
import type { ProcessIdentity } from '../../console/protocol.js';

/** A living process of a run: it inherited the run's mark, or is in a network namespace of one that did. */
export interface RunProcess extends ProcessIdentity {
  readonly command: string;
  /** `net:[4026532327]` */
  readonly network: string;
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // it ended, or is another user's
  }
}

/**
 * Every living process of the run with this mark in its environment. Only processes are looked at: the number of a
 * namespace may be given to the next one at once, and a namespace without process, mount or open file does not exist.
 */
export function processesOf(mark: string): readonly RunProcess[] {
  const own = readlinkSync('/proc/self/ns/net');
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      network: attempt(() => readlinkSync(`/proc/${name}/ns/net`)),
      // A zombie has no environment any more: it is as good as gone.
      marked: attempt(() => readFileSync(`/proc/${name}/environ`, 'latin1')).includes(mark),
    }));
  const networks = new Set(
    all.filter((one) => one.marked && one.network !== own && one.network !== '').map((one) => one.network),
  );
  return all
    .filter((one) => one.marked || networks.has(one.network))
    .map(({ pid, network }) => ({
      ...identityOf(pid),
      network: network === own ? '' : network,
      command: attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 120)),
    }));
}

/** Those that still live; cheaper than a look at every process. */
export function stillAlive<P extends ProcessIdentity>(known: readonly P[]): readonly P[] {
  return known.filter((one) => one.startTicks !== '' && isAlive(one));
}
