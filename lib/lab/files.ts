import type { Node } from '../testbed/node.js';
import { TestbedError } from '../testbed/error.js';

/** Makes a file, and its folder, on a node. */
export async function putFile(node: Node, path: string, content: string | Uint8Array): Promise<void> {
  if (node.shortcuts.put !== undefined) return node.shortcuts.put(path, Buffer.from(content));
  await node.exec(['sh', '-c', 'mkdir -p -- "${1%/*}" && cat >"$1"', 'sh', path], { input: content });
}

/** Text files of a node, in order; works for files of /proc, too. Throws TestbedError when one is not there. */
export async function readFiles(node: Node, paths: readonly string[]): Promise<readonly string[]> {
  if (node.shortcuts.read !== undefined) return node.shortcuts.read(paths);
  // No text file holds the character that separates them here.
  const { stdout } = await node.exec([
    'sh',
    '-c',
    'for f do cat -- "$f" && printf "\\\\0" || exit; done',
    'sh',
    ...paths,
  ]);
  const texts = stdout.split('\0').slice(0, -1);
  if (texts.length !== paths.length) throw new TestbedError(`on ${node.name}: cannot read ${paths.join(', ')}`);
  return texts;
}

/** Between two checks of a shell for a path that is to appear. */
const LOOK_S = '0.05';

/** Whether a path appears within the time. */
export async function awaitPath(node: Node, path: string, timeoutMs: number): Promise<boolean> {
  if (node.shortcuts.awaitPath !== undefined) return node.shortcuts.awaitPath(path, timeoutMs);
  const looks = Math.ceil(timeoutMs / 1000 / Number(LOOK_S));
  const script = 'n=$2; until [ -e "$1" ]; do [ $((n -= 1)) -gt 0 ] || exit 1; sleep "$3"; done';
  // On a slow machine the checks themselves take time, too.
  const { code } = await node.exec(['sh', '-c', script, 'sh', path, String(looks), LOOK_S], {
    mayFail: true,
    timeoutMs: 2 * timeoutMs,
  });
  return code === 0;
}
