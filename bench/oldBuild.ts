import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { UserError } from '../lib/userError.js';
import { scratchFolder } from './scratch.js';

/** The build that figures are compared with. Its dependencies are a part of today's. */
export const OLD_COMMIT = 'c32b094';

function must(argv: readonly string[], folder: string): void {
  const [program = '', ...args] = argv;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0)
    throw new UserError(
      `${argv.join(' ')} ended with ${String(status)}: ${(stderr || stdout).trim()}`,
      `measure in a git checkout whose history has ${OLD_COMMIT}`,
    );
}

/** A built checkout of the old commit; disposed of, it is gone. */
export interface OldBuild extends Disposable {
  readonly folder: string;
}

export function oldBuild(progress: (text: string) => void): OldBuild {
  const scratch = scratchFolder();
  const folder = join(scratch, OLD_COMMIT);
  const clear = (): void => {
    rmSync(scratch, { recursive: true, force: true });
    spawnSync('git', ['worktree', 'prune'], { cwd: PACKAGE_ROOT });
  };
  try {
    progress(`building ${OLD_COMMIT}`);
    must(['git', 'worktree', 'add', '--quiet', '--detach', folder, OLD_COMMIT], PACKAGE_ROOT);
    symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(folder, 'node_modules'));
    must([process.execPath, join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], folder);
  } catch (error) {
    clear();
    throw error;
  }
  return { folder, [Symbol.dispose]: clear };
}
