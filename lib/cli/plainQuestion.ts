import { PROFILES } from '../profile/builtIn.js';

/** Options with a value of which none loads anything. */
const PLAIN = new Set([
  '--host',
  '--host-file',
  '--hosts',
  '--gateway',
  '--clock',
  '--vantage',
  '--losses',
  '--demand',
]);
const FLAGS = new Set(['--json', '--verbose']);

/**
 * Whether a command line judges captures and asks for the verdict alone, by a profile that is built in. False where that
 * cannot be told before it is parsed.
 */
export function isPlainQuestion([command, ...args]: readonly string[]): boolean {
  if (command !== 'judge') return false;
  let captures = 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--profile') {
      const wanted = args[++i];
      if (!PROFILES.some(({ name }) => name === wanted)) return false;
    } else if (PLAIN.has(arg)) i++;
    else if (arg.startsWith('-') && arg !== '-') {
      if (!FLAGS.has(arg)) return false;
    } else captures++;
  }
  return captures > 1;
}
