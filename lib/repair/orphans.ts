import type { SshConnection } from '../ssh/connect.js';
import { run } from '../ssh/process.js';
import { SSH_TIMING } from '../ssh/timing.js';

/** From the end of its lease to SIGKILL a far process has 2 s (lib/ssh/wrapper.ts); its watch looks once a second. */
const ENDED_SECONDS = SSH_TIMING.leaseSeconds + 4;

/**
 * $1: seconds. Waits until no far command is left of those that run now, by the folders of their wrappers; not for our
 * own, whose name is among the arguments of the shell around it.
 */
const AWAIT = `
mine=$(tr '\\0' ' ' <"/proc/$PPID/cmdline")
old=
for f in /tmp/everyleaf-*/lease "\${TMPDIR:-/tmp}"/everyleaf-*/lease; do
  [ -f "$f" ] || continue
  d=\${f%/lease}
  case $mine in *" \${d##*/everyleaf-} "*) continue ;; esac
  old="$old $d"
done
n=0
while [ -n "$old" ] && [ $n -lt "$1" ]; do
  still=
  for d in $old; do [ ! -d "$d" ] || still="$still $d"; done
  old=$still n=$((n + 1))
  [ -z "$old" ] || sleep 1
done
`.trim();

/**
 * Waits for commands on a machine whose starter has died: each ends by itself, when it notices, at the latest when its own
 * lease has run out. Throws SshError where the machine cannot be asked.
 */
export async function awaitOrphans(connection: SshConnection, asRoot: boolean): Promise<void> {
  const argv = ['sh', '-c', AWAIT, 'everyleaf', String(ENDED_SECONDS)];
  await run(connection, { argv, asRoot }, ENDED_SECONDS * 1_000 + SSH_TIMING.command);
}
