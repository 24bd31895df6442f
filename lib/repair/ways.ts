import type { SshConnection } from '../ssh/connect.js';
import { run } from '../ssh/process.js';
import { SSH_TIMING } from '../ssh/timing.js';

/** How a machine is reached, and through which of its interfaces. */
export interface Ways {
  /**
   * Interfaces that carry the way to a machine of the binding or to us, and all that these are made of; null where it
   * could not be found out.
   */
  readonly carriers: readonly string[] | null;
  /** Why it could not be found out; empty where it could. */
  readonly said: string;
}

/** sshd sets it: our address and port as the machine sees them, and its own (ssh(1), ENVIRONMENT). */
const ENDS = 'set -- $SSH_CONNECTION; [ $# = 4 ] && echo "$1 $3"';

/**
 * Arguments: addresses. Prints the interfaces by which the machine would send to them, and what these consist of: members
 * of bonds, ports of bridges, the parents of VLANs, and the interfaces of bridges of Open vSwitch.
 */
const CARRIERS = `
seen=
add() {
  case " $seen " in *" $1 "*) return 0 ;; esac
  [ -e "/sys/class/net/$1" ] || return 0
  seen="$seen $1"
  for l in /sys/class/net/"$1"/lower_*; do [ -e "$l" ] && add "\${l##*/lower_}"; done
  command -v ovs-vsctl >/dev/null || return 0
  b=$(ovs-vsctl --timeout=5 br-exists "$1" 2>/dev/null && echo "$1" || ovs-vsctl --timeout=5 iface-to-br "$1" 2>/dev/null)
  [ -z "$b" ] || for l in $(ovs-vsctl --timeout=5 list-ifaces "$b" 2>/dev/null); do add "$l"; done
}
for a do
  d=$(ip route get "$a" | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
  [ -n "$d" ] || { echo "there is no way to $a" >&2; exit 1; }
  add "$d"
done
for i in $seen; do echo "$i"; done
`.trim();

/** IPv4 in IPv6 is routed as IPv4; a zone belongs to one interface, and is named by it. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

interface Ends {
  readonly theirs: string;
  readonly own: string;
}

async function endsOf(connection: SshConnection): Promise<Ends | null> {
  const { stdout } = await run(connection, { argv: ['sh', '-c', ENDS] }, SSH_TIMING.command);
  const [, theirs, own] = /^(\S+) (\S+)\n$/.exec(stdout) ?? [];
  return theirs === undefined || own === undefined ? null : { theirs: plainAddress(theirs), own: plainAddress(own) };
}

/**
 * Asks each machine by which interfaces it is reached, and by which it reaches those that are behind it: a fault there
 * would cut us off. Changes nothing. Throws SshError where a machine cannot be asked at all.
 */
export async function probeWays(connections: ReadonlyMap<string, SshConnection>): Promise<ReadonlyMap<string, Ways>> {
  const ends = new Map(
    await Promise.all([...connections].map(async ([machine, one]) => [machine, await endsOf(one)] as const)),
  );
  const ways = [...connections].map(async ([machine, connection]): Promise<readonly [string, Ways]> => {
    const own = ends.get(machine);
    const behind = [...connections].filter(([, other]) => other.machine.via.at(-1)?.name === machine);
    const peers = [own?.theirs, ...behind.map(([name]) => ends.get(name)?.own)];
    const known = peers.filter((peer) => peer !== undefined);
    if (known.length < peers.length)
      return [machine, { carriers: null, said: 'its ssh server does not say from where we come (SSH_CONNECTION)' }];
    const argv = ['sh', '-c', CARRIERS, 'everyleaf', ...known];
    const { code, stdout, stderr } = await run(connection, { argv }, SSH_TIMING.command);
    const carriers = stdout.split('\n').filter((line) => line !== '');
    if (code !== 0 || carriers.length === 0)
      return [machine, { carriers: null, said: stderr.trim().split('\n').at(-1) ?? `code ${code}` }];
    return [machine, { carriers, said: '' }];
  });
  return new Map(await Promise.all(ways));
}
