/** $1 what must not be said, then a command. Ends with 0 when the command can be run, and does not say it. */
const SAYS_OTHER = 's=$1; shift; said=$("$@" 2>&1) || exit 1; case $said in *"$s"*) exit 1 ;; esac';

/** A witness: that command ends with 0 there, and no longer prints this text. */
export function saysOther(show: readonly string[], text: string): readonly string[] {
  return ['sh', '-c', SAYS_OTHER, 'everyleaf', text, ...show];
}
