/** A word as a POSIX shell reads it back unchanged. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command that can be pasted into a shell. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
