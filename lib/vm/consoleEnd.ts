/** Lines of a console that stand for all of it. */
const LINES = 3;

/** The end of what a guest's kernel said, for a message; first the cause, after which a panic prints a page more. */
export function consoleEnd(console: string): string {
  const lines = console
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return 'its console is empty';
  const end = lines.slice(-LINES);
  const panic = lines.find((line) => line.includes('Kernel panic'));
  const all = panic === undefined || end.includes(panic) ? end : [panic, ...end];
  return `its console ends with: ${all.join(' | ')}`;
}
