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

/** Characters of a command in a message: enough to know it by. */
const SHOWN_MAX = 160;

/** A command for one line of a message: what it says behind it must be seen, too, however long a script it runs. */
export function commandShown(argv: readonly string[]): string {
  const line = shellCommand(argv).replace(/\s*\n\s*/g, ' ');
  return line.length <= SHOWN_MAX ? line : `${line.slice(0, SHOWN_MAX)}…`;
}
