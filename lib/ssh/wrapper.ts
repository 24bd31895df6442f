import { randomBytes } from 'node:crypto';
import { shellCommand, shellWord } from '../shellQuote.js';
import { SSH_TIMING } from './timing.js';

/**
 * What every far command runs under: POSIX shell, for dash, bash and busybox. Arguments: lease in seconds, bytes of
 * input, a name that nothing else has, and the command.
 *
 * Its stdin is ours: first the line GO, without which nothing is done, since a server that refuses a command may have
 * started it; then the command's input, then one line as often as we show that we live. The end of stdin is the
 * one way to stop a command that works with every server: signals get lost (OpenSSH 9.2 for root) or hit one process
 * only (dropbear). Without a line for the time of the lease, the command is ended from there, whatever became of us or
 * of the network. /proc/uptime is a clock that cannot be set, and costs no process.
 *
 * - Also a first line that never comes is waited for no longer: of a network that was cut meanwhile nobody tells us. The
 *   watcher of that may outlive the shell that waits, so it looks who has the number. A second at a time: what it leaves
 *   asleep when it is ended is soon gone.
 * - A background job's stdin is /dev/null, hence descriptor 3; SIGINT is ignored there, hence SIGTERM.
 * - The command gets a session of its own, where there is setsid, so that its children end with it: also those that it
 *   leaves when it ends by itself, which would keep its output, and so the channel, open.
 * - The lease is replaced by renaming, so that it is never read half-written.
 * - The shell that waits gives its own output up: one that says "Killed" to a connection that is gone dies of it, and
 *   leaves its folder.
 * - The last watcher removes the folder, too, where the shell that waits was killed.
 * - A sign of life that comes at the end may write into the folder while it is removed: its mv(1) outlives the watcher
 *   that started it. One more removal is enough, since nothing starts another.
 * - The two later watchers stay children of the shell that waits, so that they never signal a number that is used again.
 */
const WRAPPER = `
{ n=$1; while [ "$n" -gt 0 ]; do sleep 1; n=$((n - 1)); done; grep -q everyleaf /proc/$$/cmdline && kill $$; } >/dev/null 2>&1 & w=$!
read -r go && [ "$go" = go ] || L=
{ kill $w; wait $w; [ "\${L-go}" ]; } 2>/dev/null || exit 125
L=$1 n=$2 d=\${TMPDIR:-/tmp}/everyleaf-$3; shift 3
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH
exec 3<&0 </dev/null
mkdir -m 700 "$d" || exit 125
f=$d/lease
up() { read -r u x </proc/uptime; echo $((\${u%.*} + L)) >"$f.t"; mv -f "$f.t" "$f"; }
up
i=/dev/null
if [ "$n" -gt 0 ]; then i=$d/input; head -c "$n" <&3 >"$i"; fi
exec 4<"$i"; rm -f "$d/input"
S=; k=; command -v setsid >/dev/null && S=setsid k=-
$S "$@" <&4 3<&- 4<&- & c=$!
exec 4<&-
{ while read -r x; do up; done <&3; rm -f "$f"; kill -TERM $k$c; } >/dev/null 2>&1 & a=$!
{ while read -r t <"$f" && read -r u x </proc/uptime && [ "\${u%.*}" -lt "$t" ]; do sleep 1; done
  kill -TERM $k$c; sleep 2; kill -KILL $k$c; rm -rf "$d"; } 3<&- >/dev/null 2>&1 & b=$!
exec 3<&- >/dev/null 2>&1; wait $c; r=$?; kill $a $b
[ -z "$k" ] || ! kill -TERM $k$c || { sleep 1; kill -KILL $k$c; }
rm -rf "$d" || rm -rf "$d"; exit $r
`.trim();

/** What a far command waits for. */
export const GO = 'go\n';

export interface Wrapped {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly inputBytes: number;
  /** By `sudo -n`, around all of it: what runs as root can only be signalled by root. */
  readonly sudo: boolean;
}

/** The line for the login shell of a machine. */
export function wrapped({ argv, env = {}, inputBytes, sudo }: Wrapped): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = [
    String(SSH_TIMING.leaseSeconds),
    String(inputBytes),
    randomBytes(8).toString('hex'),
    ...(variables.length === 0 ? [] : ['env', ...variables]),
    ...argv,
  ];
  return `exec ${sudo ? 'sudo -n ' : ''}sh -c ${shellWord(WRAPPER)} everyleaf ${shellCommand(command)}`;
}
