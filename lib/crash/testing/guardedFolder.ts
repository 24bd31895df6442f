import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for labs of a test, which goes with the test, however that ends. */
export interface GuardedFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes a folder below that for temporary files. A lab daemon outlives the process that started its lab, and leaves
 * when its folder is gone: so a process of its own session, which no signal to the test reaches, waits for the end of
 * the pipe that this process holds, and removes the folder.
 */
export function guardedFolder(prefix: string): GuardedFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const guard = spawn('sh', ['-c', 'cat >/dev/null; rm -rf -- "$0"', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
      guard.stdin.destroy();
    },
  };
}
