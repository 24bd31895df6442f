import type { Verdict } from '../judge/types.js';

/** Exit codes of `everyleaf`, so that a script need not read a report. 69 is EX_UNAVAILABLE of sysexits.h. */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  inconclusive: 3,
  nothingRan: 4,
  infrastructure: 69,
  /** 128 + SIGINT, as shells do. */
  interrupted: 130,
} as const;

/** The exit code of a verdict. Blocked is the lab's fault, skipped means that nothing ran: neither is ever 0. */
export function exitCodeOf(verdict: Verdict): number {
  switch (verdict) {
    case 'pass':
      return EXIT.pass;
    case 'fail':
      return EXIT.fail;
    case 'inconclusive':
      return EXIT.inconclusive;
    case 'blocked':
      return EXIT.infrastructure;
    case 'skipped':
      return EXIT.nothingRan;
  }
}
