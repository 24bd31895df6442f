import { randomBytes } from 'node:crypto';
import { shellCommand, shellWord } from '../shellQuote.js';
import type { CommandResult } from '../testbed/node.js';
import type { SshConnection } from './connect.js';
import { SshError } from './error.js';
import { run } from './process.js';
import { SSH_TIMING } from './timing.js';

/** A command of an undo: data, so that it can lie on the other machine before it is needed. */
export interface UndoStep {
  readonly argv: readonly string[];
  readonly input?: string;
}

export interface GuardOptions {
  /** All of them are tried, in order. They must also work when there is nothing to undo. */
  readonly undo: readonly UndoStep[];
  /** Without a renewal it undoes after this time. */
  readonly seconds: number;
  /** Ends with code 0 when the undo has taken effect; it is asked until it does. */
  readonly witness: readonly string[];
  readonly asRoot: boolean;
}

/**
 * A process on another machine that undoes a change when it hears nothing any more: because we ended, were killed, or
 * cannot reach that machine. It is armed before the change is made.
 */
export interface Guard {
  /** Its folder there, for a person who looks at the machine. */
  readonly folder: string;
  /** Begins its time anew. Throws SshError when it no longer runs: then the change must not be made, or is undone. */
  renew(): Promise<void>;
  /**
   * Makes the change that it stands for. A command can come late: on a machine without a free core, or after a cut, when
   * what was on its way is delivered. The other machine runs it only while the guard lives, and a guard whose time is over
   * while it runs undoes again when it has ended. Throws SshError where the guard had ended before, or did meanwhile.
   */
  change(argv: readonly string[], input?: string): Promise<CommandResult>;
  /**
   * Has it undo at once, and waits until the witness sees the effect: there is no way to end it without its undo. Does
   * nothing more when it was called before. Throws SshError with what the undo said.
   */
  disarm(): Promise<void>;
}

/**
 * The deadline is replaced by renaming, so that it is never read half-written; from a file of each writer's own, since
 * renewals may come at the same time. Whole seconds, rounded down.
 */
const WRITE = `write() { read -r u x </proc/uptime && echo $((\${u%.*} + L)) >"$d/new.$$" && mv -f "$d/new.$$" "$d/until"; }`;

/**
 * $1 folder, $2 seconds, $3 undo. Prints its folder and its pid when it is armed. A loop on /proc/uptime, which needs no
 * process and cannot be set. Half a second at a time where sleep(1) takes fractions. An undo that fails is tried again:
 * a device may be busy.
 *
 * - It makes its folder itself: who starts it can be killed at any time, and it cannot.
 * - It ends by renaming the folder, so that nothing can renew it any more; a renewal of that very moment counts.
 * - A change that has begun before is a file change.PID in that folder. As long as its process lives, it may come after
 *   the undo, which is therefore done again.
 */
export const LOOP = `
trap "" HUP TERM INT PIPE
umask 077
d=$1 L=$2
${WRITE}
waits() { read -r t <"$1/until" && read -r u x </proc/uptime && [ "\${u%.*}" -lt "$t" ]; }
mkdir "$d" || exit 1
write || { rm -rf "$d"; exit 1; }
echo "$d $$"
exec >/dev/null 2>&1
while :; do
  while waits "$d"; do sleep 0.5 || sleep 1; done
  mv "$d" "$d.ending"
  waits "$d.ending" || break
  mv "$d.ending" "$d"
done
changing() {
  for c in "$d.ending"/change.*; do
    grep -q everyleaf-change "/proc/\${c##*.}/cmdline" && return
  done
  return 1
}
n=0
while :; do
  changing; late=$?
  if sh -c "$3" >"$d.ending/said" 2>&1; then
    [ $late = 0 ] || break
  else
    n=$((n + 1)); [ $n -lt 5 ] || { mv "$d.ending" "$d.failed"; exit 1; }
  fi
  sleep 1
done
rm -rf "$d.ending"
`.trim();

/**
 * $1 name, $2 loop, $3 seconds, $4 undo. Prints what the loop says. In a session of its own, so that nothing that ends
 * ours ends it.
 */
export const ARM = `
b=/run; [ -w "$b" ] || b=\${TMPDIR:-/tmp}
S=; command -v setsid >/dev/null && S=setsid
said=$($S sh -c "$2" everyleaf-guard "$b/$1" "$3" "$4" </dev/null &)
[ -n "$said" ] && echo "$said"
`.trim();

/** $1 folder, $2 seconds, $3 pid. A number that is used again by another program does not pass for it. */
const RENEW = `
d=$1 L=$2
${WRITE}
[ -e "$d/until" ] && kill -0 "$3" && grep -q everyleaf-guard "/proc/$3/cmdline" && write && [ -e "$d/until" ]
`.trim();

/** A change was not made, or was undone by the end of its guard; no command of ours ends so. */
const TOO_LATE = 97;

/**
 * $1 folder, $2 seconds, $3 pid, and the command. Renewed while it can be: a folder that is gone, or is ending, takes no
 * more files.
 */
const CHANGE = `
d=$1 L=$2
${WRITE}
c=change.$$
(: >"$d/$c") 2>/dev/null || exit ${TOO_LATE}
{ kill -0 "$3" && grep -q everyleaf-guard "/proc/$3/cmdline" && write; } 2>/dev/null || { rm -f "$d/$c"; exit ${TOO_LATE}; }
p=$3; shift 3
"$@"; r=$?
[ -e "$d/until" ] && kill -0 "$p" 2>/dev/null || r=${TOO_LATE}
rm -f "$d/$c" "$d.ending/$c"
exit $r
`.trim();

/** $1 folder, $2 pid. Waits until the loop has undone, or has given up; not for one that was killed. */
const DISARM = `
there() { [ -d "$1" ] || [ -d "$1.ending" ]; }
while there "$1"; do
  rm -f "$1/until"
  sleep 0.1 2>/dev/null || sleep 1
  kill -0 "$2" 2>/dev/null || ! there "$1" || { echo "its guard was killed ($1)" >&2; exit 1; }
done
[ ! -d "$1.failed" ] || { cat "$1.failed/said" >&2; exit 1; }
`.trim();

/** $1 seconds, and the witness, which is asked until it sees the effect. By a clock: on a busy machine each question takes long. */
const WITNESS = `
now() { read -r u x </proc/uptime && echo "\${u%.*}"; }
e=$(($(now) + $1)); shift
until "$@"; do
  [ "$(now)" -lt "$e" ] || exit 1
  sleep 0.1 2>/dev/null || sleep 1
done
`.trim();

/** The effect of an undo that has ended is there, or nearly; half of what a command may take. */
const WITNESS_SECONDS = SSH_TIMING.command / 2_000;

const ENDED = 'the guard of a change has ended, and has undone the change';

function undoText(steps: readonly UndoStep[]): string {
  const lines = steps.map(({ argv, input }) =>
    input === undefined ? shellCommand(argv) : `printf %s ${shellWord(input)} | ${shellCommand(argv)}`,
  );
  return ['r=0', ...lines.map((line) => `${line} || r=1`), 'exit $r'].join('\n');
}

/** Sends the undo to the other machine and starts the guard there. Throws SshError where it does not run. */
export async function armGuard(connection: SshConnection, options: GuardOptions): Promise<Guard> {
  const { name } = connection.machine;
  const { asRoot, witness } = options;
  const seconds = String(options.seconds);
  const shell = (script: string, ...args: readonly string[]) =>
    run(connection, { argv: ['sh', '-c', script, 'everyleaf', ...args], asRoot }, SSH_TIMING.command);
  const id = `everyleaf-guard-${randomBytes(8).toString('hex')}`;
  const armed = await shell(ARM, id, LOOP, seconds, undoText(options.undo));
  const [, folder, pid] = /^(\S+) (\d+)$/m.exec(armed.stdout) ?? [];
  if (armed.code !== 0 || folder === undefined || pid === undefined)
    throw new SshError(name, `a guard that would undo the change could not be started: ${armed.stderr.trim()}`);
  let disarmed: Promise<void> | null = null;

  async function undoNow(): Promise<void> {
    const { code, stderr } = await shell(DISARM, folder ?? '', pid ?? '');
    if (code !== 0)
      throw new SshError(
        name,
        `what was changed could not be undone: ${stderr.trim()}`,
        `undo it by hand: ${options.undo.map(({ argv }) => shellCommand(argv)).join('; ')}; then remove ${String(folder)}.failed`,
      );
    const seen = await shell(WITNESS, String(WITNESS_SECONDS), ...witness);
    if (seen.code !== 0)
      throw new SshError(
        name,
        `the change was undone, and yet "${shellCommand(witness)}" does not see it: ${[seen.stdout, seen.stderr].join(' ').trim()}`,
      );
  }

  const guard: Guard = {
    folder,
    async renew() {
      const { code } = await shell(RENEW, folder, seconds, pid);
      if (code !== 0) throw new SshError(name, ENDED);
    },
    async change(argv, input) {
      const result = await run(
        connection,
        {
          argv: ['sh', '-c', CHANGE, 'everyleaf-change', folder, seconds, pid, ...argv],
          asRoot,
          ...(input === undefined ? {} : { input }),
        },
        SSH_TIMING.command,
      );
      if (result.code === TOO_LATE) throw new SshError(name, ENDED);
      return result;
    },
    disarm() {
      disarmed ??= undoNow();
      return disarmed;
    },
  };
  // Seen alive before anything is changed.
  await guard.renew();
  return guard;
}
