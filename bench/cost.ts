import { spawnSync } from 'node:child_process';
import { median } from './statistics.js';

/** What a command took with all processes that it started and waited for, ms. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

export interface TimedOptions {
  /** Exit codes that count as success. */
  readonly codes?: readonly number[];
  readonly folder?: string;
}

/** Certificates that a machine adds to those of Node are read by each start of it, which they make twice as long. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_EXTRA_CA_CERTS'));

/** Runs a command line to its end. Throws when it fails. */
export function timed(argv: readonly string[], { codes = [0], folder }: TimedOptions = {}): Cost {
  const script = 'TIMEFORMAT=\'%R %U %S\'; time "$@" >/dev/null 2>/dev/null';
  const run = spawnSync('bash', ['-c', script, 'bench', ...argv], {
    encoding: 'utf8',
    env: { ...ENVIRONMENT, LC_ALL: 'C' },
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  if (run.status === null || !codes.includes(run.status))
    throw new Error(`${argv.join(' ')} ended with ${String(run.status)}`);
  const [real = 0, user = 0, system = 0] = run.stderr
    .trim()
    .split(/\s+/)
    .map((text) => Number(text) * 1_000);
  return { wall: real, cpu: user + system };
}

export function middle(costs: readonly Cost[]): Cost {
  return { wall: median(costs.map((cost) => cost.wall)), cpu: median(costs.map((cost) => cost.cpu)) };
}
