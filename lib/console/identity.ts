import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from './protocol.js';

/** When a living process started; null when there is none, or it is a zombie. */
function startTicks(pid: number): string | null {
  try {
    // The command, in parentheses, may hold anything; after it the fields begin with the state (field 3).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\)\s+/s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** The process that has this pid now; without start ticks when there is none. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTicks: startTicks(pid) ?? '' };
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid);
}

/** Whether that very process still lives: a later one with its pid has started at another time. */
export function isAlive({ pid, startTicks: ticks }: ProcessIdentity): boolean {
  return startTicks(pid) === ticks;
}
