/** Commands that build a lab of namespaces on this machine. */
const LAB_COMMANDS = ['run', 'nightly', 'up'];

/**
 * What a command line needs of the machine: `everyleaf judge` on a laptop must not ask for Open vSwitch.
 * @param {readonly string[]} args of `everyleaf`
 * @returns {'start' | 'no-lab'}
 */
export function labPurpose(args) {
  const command = args.find((arg) => !arg.startsWith('-'));
  if (command === undefined || !LAB_COMMANDS.includes(command)) return 'no-lab';
  if (args.some((arg) => arg === '--help' || arg === '-h')) return 'no-lab';
  // A night of a run that was made already.
  if (command === 'nightly' && args.some((arg) => arg === '--of' || arg.startsWith('--of='))) return 'no-lab';
  const inline = args.find((arg) => arg.startsWith('--testbed='))?.slice('--testbed='.length);
  const testbed = inline ?? (args.includes('--testbed') ? args[args.indexOf('--testbed') + 1] : undefined);
  return testbed === undefined || testbed === 'netns' ? 'start' : 'no-lab';
}
