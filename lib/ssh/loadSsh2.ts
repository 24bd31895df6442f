/**
 * ssh2, loaded when a machine is first logged in to: every command and each process of a run has the ssh testbed among
 * others, and to load it takes longer than most commands.
 */
export async function loadSsh2() {
  return (await import('ssh2')).default;
}
