import { PACKAGE_ROOT } from '../packageRoot.js';
import { runProgram } from '../runProgram.js';
import { agentCommand } from '../agent/command.js';
import { shellWord } from '../shellQuote.js';

/** What one script did. */
export interface Attempt {
  /** 124 when it took longer than a probe may. */
  readonly exitCode: number;
  /** Both outputs, with the commands as the shell traced them (`+ ...`). */
  readonly output: string;
}

/**
 * Seconds that one probe may take. Each takes far less unless something hangs; on a machine with ten times more work
 * than cores, the longest was seen to take 15.
 */
const PROBE_LIMIT_S = 60;
/** Milliseconds for all of them, which run side by side. */
const ALL_LIMIT_MS = 120_000;

/**
 * Covered with a separate file system in our own mount namespace, as the agent of a lab does: there is no folder to
 * make, and none to leave.
 */
const MOUNT_POINT = '/run';

/** Ours first, then one more network and mount namespace for each probe, so that none sees another's devices. */
const DRIVER = `
mount -t tmpfs everyleaf-doctor "$T"
probe() {
  mkdir "$T/$1"
  W=$T/$1/w; mkdir "$W"; export W HOME="$W"
  timeout -k 1 ${String(PROBE_LIMIT_S)} unshare --net --mount sh -exc "$2" </dev/null >"$T/$1/out" 2>&1
  echo $? >"$T/$1/code"
}
`;

/** The namespaces could not be made, so nothing was tried. */
export class NamespacesClosedError extends Error {
  override readonly name = 'NamespacesClosedError';
}

/**
 * Runs shell scripts side by side in namespaces that end with the call: no process, link or mount outlives it, however
 * it ends.
 * @param env what they see; its PATH must lead to the tools
 * @returns one attempt per script, in order
 * @throws NamespacesClosedError with what `unshare` said
 */
export async function runProbes(
  scripts: readonly string[],
  root: boolean,
  env: NodeJS.ProcessEnv,
): Promise<readonly Attempt[]> {
  const starts = scripts.map((script, i) => `probe ${String(i)} ${shellWord(script)} &`);
  const results = `for i in ${scripts.map((_, i) => String(i)).join(' ')}; do cat "$T/$i/code" "$T/$i/out"; printf '\\0'; done`;
  // The same namespaces as a lab's: what works here works there.
  const [command = '', ...args] = agentCommand(root, ['sh', '-c', [DRIVER, ...starts, 'wait', results].join('\n')]);
  const { code, stdout, stderr } = await runProgram(command, args, {
    // Modules such as koffi are found from here.
    cwd: PACKAGE_ROOT,
    env: { ...env, T: MOUNT_POINT, NODE: process.execPath, LC_ALL: 'C' },
    timeout: ALL_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const parts = stdout.split('\0').slice(0, -1);
  if (code !== 0 || parts.length !== scripts.length) throw new NamespacesClosedError(stderr.trim());
  return parts.map((part, i) => parseAttempt(part.replaceAll(`${MOUNT_POINT}/${String(i)}/w`, '$W')));
}

/** First line: exit code. Rest: output. */
function parseAttempt(text: string): Attempt {
  const end = text.indexOf('\n');
  return { exitCode: Number(text.slice(0, end)), output: text.slice(end + 1) };
}
