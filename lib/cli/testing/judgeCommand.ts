import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { captureFiles } from '../../production/captureFiles.js';
import { judgeCaptures } from '../../production/judgeCaptures.js';
import type { Judgement } from '../../judge/types.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { DEFAULTS } from '../../defaults.js';
import { profileNamed } from '../../profile/registry.js';
import { exitCodeOf } from '../exitCodes.js';

export interface Judged {
  readonly exitCode: number;
  readonly judgement: Judgement;
}

/**
 * `everyleaf judge ... --json` as a separate process. Throws with its message when it does not answer with a judgement.
 */
export function judgeCommand(captures: readonly string[], question: Question): Promise<Judged> {
  const args = [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'judge', ...captures, ...wordsOf(question), '--json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      if (stdout === '') reject(new Error(`judge ${captures.join(' ')} ended with ${exitCode}: ${stderr}`));
      else resolve({ exitCode, judgement: JSON.parse(stdout) as Judgement });
    });
  });
}

export interface Question {
  /** MACs; empty = find them. */
  readonly hosts: readonly string[];
  readonly gateways?: readonly string[];
  readonly isSharedClock?: boolean;
}

/** The same question as command-line arguments. */
export function wordsOf({ hosts, gateways = [], isSharedClock = false }: Question): readonly string[] {
  return [
    ...(hosts.length === 0 ? ['--hosts', 'auto'] : hosts.flatMap((mac) => ['--host', mac])),
    ...gateways.flatMap((mac) => ['--gateway', mac]),
    ...(isSharedClock ? ['--clock', 'shared'] : []),
    '--profile',
    'ovs-group',
  ];
}

/** Does what the command does, but in this process: a tenth of the time. Blocks until it is done. */
export async function judgeHere(
  captures: readonly string[],
  { hosts, gateways = [], isSharedClock = false }: Question,
): Promise<Judged> {
  const { judgement } = await judgeCaptures(captureFiles(captures), {
    profile: profileNamed('ovs-group', DEFAULTS.profiles),
    hosts: new Map(hosts.map((mac) => [mac, mac])),
    isAuto: hosts.length === 0,
    gateways,
    isSharedClock,
  });
  return { exitCode: exitCodeOf(judgement.verdict), judgement };
}
