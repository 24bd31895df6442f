import type { SshConnection } from '../ssh/connect.js';
import { SshError } from '../ssh/error.js';
import { run } from '../ssh/process.js';

/** What became of a guard that somebody left on a machine. */
export interface LeftGuard {
  /** Its folder there. */
  readonly folder: string;
  /**
   * `undone`: it lived, was told to undo at once, and did. `failed`: its undo failed, `said` says how. `dead`: it was
   * killed, and nobody undid anything. `busy`: it lives, and has not ended in time.
   */
  readonly is: 'undone' | 'failed' | 'dead' | 'busy';
  readonly said: string;
}

/** Longer than a guard takes to look (1 s) and to try its undo five times, a second apart. */
const GUARD_ENDS_SECONDS = 15;
const END_MS = (GUARD_ENDS_SECONDS + 30) * 1_000;

/**
 * Where lib/ssh/guard.ts makes its folders, and how they are called. A guard is alive while a process has its folder
 * among its arguments; `[e]` keeps the search from finding itself.
 */
const FIND = `
each() {
  for b in /run /tmp "\${TMPDIR:-/tmp}"; do
    for f in "$b"/everyleaf-guard-*; do
      [ -d "$f" ] && [ ! -h "$f" ] || continue
      case \${f##*/everyleaf-guard-} in *[!0-9a-z.]*) continue ;; esac
      echo "$f"
    done
  done | sed 's/\\.\\(ending\\|failed\\)$//' | sort -u
}
lives() { grep -qs "\${1%/*}/[e]\${1##*/e}" /proc/[0-9]*/cmdline; }
`.trim();

/** $1: seconds. Has each living guard undo, waits, and says what became of each: `is folder`, then what it said. */
const END_ALL = `
${FIND}
w=$(($1 * 5))
for d in $(each); do
  is=dead
  if lives "$d"; then
    is=busy n=0
    while [ $n -lt $w ]; do
      n=$((n + 1))
      [ -d "$d" ] || [ -d "$d.ending" ] || { is=undone; break; }
      rm -f "$d/until"
      sleep 0.2 2>/dev/null || { sleep 1; n=$((n + 4)); }
    done
  fi
  [ ! -d "$d.failed" ] || is=failed
  echo "$is $d"
  cat "$d.failed/said" "$d.ending/said" 2>/dev/null | tr -c '[:print:]' ' ' | head -c 300
  echo
done
`.trim();

/** Arguments on stdin, one a line: folders of guards that are dead. */
const REMOVE = `
${FIND}
while read -r d; do
  case $d in /*/everyleaf-guard-*) ;; *) continue ;; esac
  lives "$d" || rm -rf "$d" "$d.ending" "$d.failed"
done
`.trim();

const LINE = /^(undone|failed|dead|busy) (\/\S+)$/;

/**
 * Has all guards of a machine undo at once, whoever armed them: the earlier undo does no harm. Changes nothing where there
 * are none. Throws SshError where the machine cannot be asked.
 */
export async function endGuards(connection: SshConnection, asRoot: boolean): Promise<readonly LeftGuard[]> {
  const argv = ['sh', '-c', END_ALL, 'everyleaf', String(GUARD_ENDS_SECONDS)];
  const { code, stdout, stderr } = await run(connection, { argv, asRoot }, END_MS);
  if (code !== 0)
    throw new SshError(
      connection.machine.name,
      `its guards could not be looked at: ${stderr.trim() || `code ${code}`}`,
    );
  const lines = stdout.split('\n');
  return lines.flatMap((line, i): LeftGuard[] => {
    const [, is, folder] = LINE.exec(line) ?? [];
    if (folder === undefined || (is !== 'undone' && is !== 'failed' && is !== 'dead' && is !== 'busy')) return [];
    return [{ folder, is, said: lines[i + 1]?.trim() ?? '' }];
  });
}

/** Removes what dead guards left. */
export async function removeGuards(
  connection: SshConnection,
  folders: readonly string[],
  asRoot: boolean,
): Promise<void> {
  if (folders.length === 0) return;
  const command = { argv: ['sh', '-c', REMOVE, 'everyleaf'], input: `${folders.join('\n')}\n`, asRoot };
  await run(connection, command, END_MS);
}
