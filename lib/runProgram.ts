import { execFile, type ExecFileOptions } from 'node:child_process';

/** How a program ended, and what it printed. */
export interface ProgramResult {
  /** null where a signal ended it, or it could not be started; `stderr` says why then. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Far more than any program that we run prints. */
const OUTPUT_MAX = 64 * 1024 * 1024;

/** Runs a program on this machine to its end, without input unless some is given. Never rejects. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
  input?: Uint8Array,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { maxBuffer: OUTPUT_MAX, ...options, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else resolve({ code: null, stdout, stderr: stderr === '' ? error.message : stderr });
      },
    );
    // A program that ends before it has read all of it says so itself.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
