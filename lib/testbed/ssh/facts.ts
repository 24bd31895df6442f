import { SshError } from '../../ssh/error.js';
import { addressOf } from '../../ssh/machine.js';
import { shellCommand } from '../../shellQuote.js';
import type { FarMachine } from './machine.js';
import { SENDERS, type Sender } from './senders.js';
import { FAR_TIMING } from './timing.js';

/** A port as it is found on its machine; it may be in a namespace of another lab. */
export interface PortFacts {
  readonly name: string;
  /** null where the machine has no such port. */
  readonly mac: string | null;
  /** Administratively up. */
  readonly isOpen: boolean;
  /** The bridge or bond that it is a member of; null for none. */
  readonly master: string | null;
  /** Addresses that somebody gave it: all but those of its own link. */
  readonly addresses: readonly string[];
}

/** What must be known of a machine before anything is done there. */
export interface MachineFacts {
  /** Says whether two names mean one machine: its boot, and its network namespace. */
  readonly identity: string;
  /** Ports that carry our own commands, or a way to another machine, and all that they are made of. */
  readonly management: readonly string[];
  readonly ports: readonly PortFacts[];
  /** Namespaces of labs that are there. */
  readonly labs: readonly string[];
}

/** Namespaces of labs begin with it, and nothing else does. */
export const LAB_PREFIX = 'everyleaf-';

/**
 * Prints a line for each fact; changes nothing. $1: addresses to which the way must be spared; the other arguments:
 * ports. The address that we come from is in SSH_CONNECTION (sshd(8)).
 */
const LOOK = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
echo "identity $(cat /proc/sys/kernel/random/boot_id) $(readlink /proc/self/ns/net)"
lower() {
  echo "management $1"
  for l in /sys/class/net/"$1"/lower_*; do [ -e "$l" ] && lower "\${l##*/lower_}"; done
}
[ -n "$SSH_CONNECTION" ] || { echo "SSH_CONNECTION is not set" >&2; exit 1; }
set -f; for a in \${SSH_CONNECTION%% *} $1; do
  case $a in *[!0-9a-fA-F:.]*) a=$(getent hosts "$a" 2>/dev/null); a=\${a%% *};; esac
  r=$(ip -o route get "$a" 2>/dev/null) || continue
  case $r in *" dev "*) r=\${r#* dev }; r=\${r%% *}; set +f; [ "$r" = lo ] || lower "$r"; set -f;; esac
done; set +f; shift
for p do
  [ -e /sys/class/net/"$p" ] || continue
  m=-; [ ! -e /sys/class/net/"$p"/master ] || { m=$(readlink /sys/class/net/"$p"/master); m=\${m##*/}; }
  u=down; case $(ip -o link show dev "$p") in *[\\<,]UP[\\>,]*) u=up;; esac
  echo "port $p $(cat /sys/class/net/"$p"/address) $u $m" $(ip -o addr show dev "$p" | grep -v ' scope link' | sed 's/.* inet6* \\([^ ]*\\).*/\\1/')
done
ip netns list | sed -n 's/^\\(${LAB_PREFIX}[^ ]*\\).*/lab \\1/p'
`.trim();

/** Looks at a machine. Throws SshError where it cannot be looked at. */
export async function lookAt(
  machine: FarMachine,
  ports: readonly string[],
  ways: readonly string[],
): Promise<MachineFacts> {
  const argv = ['sh', '-c', LOOK, 'everyleaf', ways.join(' '), ...ports];
  const { code, stdout, stderr } = await machine.run({ argv }, FAR_TIMING.command);
  const words = stdout.split('\n').map((line) => line.split(' '));
  const all = (what: string): readonly (readonly string[])[] =>
    words.flatMap(([kind, ...rest]) => (kind === what ? [rest] : []));
  const management = [...new Set(all('management').flat())];
  const [identity = []] = all('identity');
  // Without it nobody knows which ports must not be touched.
  if (code !== 0 || management.length === 0)
    throw new SshError(
      machine.name,
      `the port that our own connection takes is not known there: ${stderr.trim() || '"ip route get" names none'}`,
    );
  return {
    identity: identity.join(' '),
    management,
    labs: all('lab').flat(),
    ports: ports.map((name) => {
      const [, mac = null, state, master = '-', ...addresses] = all('port').find(([port]) => port === name) ?? [];
      return { name, mac, isOpen: state === 'up', master: master === '-' ? null : master, addresses };
    }),
  };
}

/** What a lab cannot do without, tried without changing anything; each with what to do about it. */
const REQUIRED: readonly { readonly argv: readonly string[]; readonly hint: string }[] = [
  {
    argv: ['sh', '-c', 'test "$(id -u)" = 0'],
    hint: 'allow sudo without a password (NOPASSWD in sudoers(5)), or log in as root',
  },
  { argv: ['ip', 'netns', 'list'], hint: 'install iproute2 there' },
  { argv: ['tcpdump', '--version'], hint: 'install tcpdump there' },
];

/**
 * $1: how many commands must all work; of the others only the first that works is wanted. Prints the number of each that
 * was tried, its code, and the last line that it said.
 */
const TRY = `
all=$1 n=0; shift
for c do
  s=$(sh -c "$c" 2>&1 </dev/null); r=$?
  echo "$n $r $(printf %s "$s" | tail -n 1)"
  n=$((n + 1))
  [ $n -le "$all" ] || [ $r != 0 ] || break
done
`.trim();

/** What a machine has to send with: the best program, or what each said. */
export type FoundSender = { readonly sender: Sender } | { readonly command: string; readonly output: string };

/** Throws SshError where a machine lacks what every lab needs; returns the best program by which it can send. */
export async function tryTools(machine: FarMachine): Promise<FoundSender> {
  const tries = [...REQUIRED.map(({ argv }) => argv), ...SENDERS.map(({ trial }) => trial)].map(shellCommand);
  const { code, stdout, stderr } = await machine.run(
    { argv: ['sh', '-c', TRY, 'everyleaf', String(REQUIRED.length), ...tries], asRoot: true },
    FAR_TIMING.command,
  );
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => /^(\d+) (\d+) ?(.*)$/.exec(line) ?? [])
    .map(([, , ended = '', said = '']) => ({ works: ended === '0', said: said || `code ${ended}` }));
  const where = addressOf(machine.connection.machine);
  const isOver =
    results.length === tries.length || (results.length > REQUIRED.length && results.at(-1)?.works === true);
  if (code !== 0 || !isOver)
    throw new SshError(
      machine.name,
      `nothing can be run as root on ${where}: ${stderr.trim() || `code ${code}`}`,
      REQUIRED[0]?.hint ?? null,
    );
  for (const [at, { argv, hint }] of REQUIRED.entries())
    if (results[at]?.works !== true)
      throw new SshError(machine.name, `"${shellCommand(argv)}" fails on ${where}: ${results[at]?.said ?? ''}`, hint);
  const said = results.slice(REQUIRED.length);
  const sender = SENDERS.find((_, at) => said[at]?.works === true);
  if (sender !== undefined) return { sender };
  return {
    command: SENDERS.map(({ trial }) => shellCommand(trial)).join(' || '),
    output: SENDERS.map(({ name }, at) => `${name}: ${said[at]?.said ?? ''}`).join('; '),
  };
}
