/** Words that a shell reads back unchanged. As the first word, one that sets a variable is not among them. */
const PLAIN = /^(?![A-Za-z_]\w*=)[\w@%+=:,./-]+$/;

/**
 * One word for a POSIX shell, which reads it back unchanged (POSIX XCU 2.2.2). It may not hold NUL, as no argument can.
 */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command that can be pasted into a shell. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
