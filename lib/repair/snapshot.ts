import { setTimeout as wait } from 'node:timers/promises';
import type { SshConnection } from '../ssh/connect.js';
import { SshError } from '../ssh/error.js';
import { run } from '../ssh/process.js';
import { shellCommand } from '../shellQuote.js';
import type { Watched } from './watched.js';

/** What a machine says of itself: what it is about, and the value. */
export type Facts = Readonly<Record<string, string>>;
/** By machine. */
export type Snapshot = Readonly<Record<string, Facts>>;

/** Something that is not as it was. */
export interface Difference {
  readonly machine: string;
  readonly about: string;
  readonly before: string;
  readonly after: string;
}

const NOT_THERE = 'not there';

/**
 * Arguments: how many ports, the ports, other interfaces. Prints `name<tab>fact<tab>value`. All of it is read from /sys and
 * /proc, or by `ip addr show`; bonds and bridges of the ports are followed.
 */
const LOOK = `
n=$1; shift
fact() { printf '%s\\t%s\\t%s\\n' "$1" "$2" "$3"; }
value() { v=; read -r v <"$1" || [ -n "$v" ]; } 2>/dev/null
addresses() { fact "$1" addresses "$(ip -o addr show dev "$1" scope global 2>/dev/null | sed -n 's/.* inet6\\{0,1\\} \\([^ ]*\\).*/\\1/p' | sort | tr '\\n' ' ')"; }
masters=
for p do
  s=/sys/class/net/$p
  n=$((n - 1))
  [ -e "$s" ] || { fact "$p" '' '${NOT_THERE}'; continue; }
  if [ $n -ge 0 ]; then
    value "$s/flags" && { [ $((v & 1)) = 1 ] && fact "$p" admin up || fact "$p" admin down; }
    value "$s/operstate" && fact "$p" oper "$v"
    value "$s/mtu" && fact "$p" mtu "$v"
    value "$s/speed" && fact "$p" speed "$v"
    m=
    [ ! -e "$s/master" ] || { m=$(readlink "$s/master"); m=\${m##*/}; case " $masters " in *" $m "*) ;; *) masters="$masters $m" ;; esac; }
    fact "$p" master "$m"
  fi
  addresses "$p"
done
for m in $masters; do
  s=/sys/class/net/$m
  value "$s/mtu" && fact "$m" mtu "$v"
  value "$s/bonding/slaves" && fact "$m" members "$v"
  value "$s/bonding/ad_partner_mac" && fact "$m" partner "$v"
  addresses "$m"
done
! command -v ovs-appctl >/dev/null || fact ovs partners "$(ovs-appctl lacp/show 2>/dev/null | sed -n 's/^ *partner sys_id: *//p' | tr '\\n' ' ')"
n=$(ip netns list 2>/dev/null | sed -n 's/^\\(everyleaf-[^ ]*\\).*/\\1/p' | sort | tr '\\n' ' ')
[ -z "$n" ] || fact labs namespaces "$n"
g=0
for c in $(grep -ls '[e]veryleaf-guard-' /proc/[0-9]*/cmdline); do g=$((g + 1)); done
fact guards running $g
fact guards folders "$(ls -d /run/everyleaf-guar[d]-* /tmp/everyleaf-guar[d]-* 2>/dev/null | wc -l | tr -d ' ')"
`.trim();

/** Reading takes a moment on a switch with a slow CPU. */
const LOOK_MS = 30_000;

/** What a machine says of itself now. Changes nothing. Throws SshError where it cannot be asked. */
export async function lookAt(connection: SshConnection, watched: Watched): Promise<Facts> {
  const { name, user, sudo } = connection.machine;
  // Partners of LACP are shown to root alone.
  const asRoot = user === 'root' || sudo;
  const { ports, interfaces, commands } = watched;
  const others = interfaces.filter((other) => !ports.includes(other));
  const argv = ['sh', '-c', LOOK, 'everyleaf', String(ports.length), ...ports, ...others];
  const { code, stdout, stderr } = await run(connection, { argv, asRoot }, LOOK_MS);
  if (code !== 0) throw new SshError(name, `its state cannot be read: ${stderr.trim() || `code ${code}`}`);
  const facts: Record<string, string> = {};
  for (const line of stdout.split('\n')) {
    const [about = '', fact, value] = line.split('\t');
    if (fact !== undefined && value !== undefined) facts[`${about} ${fact}`.trim()] = value.trim();
  }
  for (const command of commands) {
    const said = await run(connection, { argv: command, asRoot }, LOOK_MS);
    facts[shellCommand(command)] = said.code === 0 ? said.stdout.trim() : `code ${said.code}: ${said.stderr.trim()}`;
  }
  return facts;
}

/** What is not as it was, machine by machine. */
export function differences(before: Snapshot, after: Snapshot): readonly Difference[] {
  const keys = (a: object = {}, b: object = {}): readonly string[] => [
    ...new Set([...Object.keys(a), ...Object.keys(b)]),
  ];
  return keys(before, after).flatMap((machine) =>
    keys(before[machine], after[machine]).flatMap((about): Difference[] => {
      const [was, is] = [before[machine]?.[about] ?? NOT_THERE, after[machine]?.[about] ?? NOT_THERE];
      return was === is ? [] : [{ machine, about, before: was, after: is }];
    }),
  );
}

/** A link that trains and a bond that negotiates are as before after some seconds; 802.3ad takes 3 s at best. */
export const SETTLE_MS = 15_000;
/** Between two looks; each logs nobody in, and starts some programs. */
const LOOK_AGAIN_MS = 500;

/** What is still not as it was when machines have had time to settle. */
export async function settledDifferences(
  before: Snapshot,
  look: () => Promise<Snapshot>,
  settleMs = SETTLE_MS,
): Promise<{ readonly after: Snapshot; readonly found: readonly Difference[] }> {
  const begun = performance.now();
  for (;;) {
    const after = await look();
    const found = differences(before, after);
    if (found.length === 0 || performance.now() - begun > settleMs) return { after, found };
    await wait(LOOK_AGAIN_MS);
  }
}

/** One difference for people. */
export function sayDifference({ machine, about, before, after }: Difference): string {
  const shown = (text: string): string => {
    const line = text.replace(/[^\x20-\x7e]+/g, ' ');
    return line === '' ? 'nothing' : line.length > 120 ? `${line.slice(0, 120)}...` : line;
  };
  return `${machine}: ${about} was ${shown(before)}, is ${shown(after)}`;
}
