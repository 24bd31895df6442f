/** What became of machines that others use, too: `machines.json` beside the experiments. Absent where labs are our own. */
export interface MachinesRecord {
  /** `held` until the machines were given back: of a run that was killed it stays. */
  readonly status: 'held' | 'given back';
  /** What earlier runs, and this one, had left there and was undone; sentences. */
  readonly repaired: readonly string[];
  /** What is not as it was before the run; sentences. */
  readonly differs: readonly string[];
  /** Why they could not be compared; null where they were. */
  readonly error: string | null;
}

export const MACHINES_FILE = 'machines.json';

/** Why nothing that was seen on these machines counts; sentences. */
export function reasonsAgainst({ status, differs, error }: MachinesRecord): readonly string[] {
  if (error !== null) return [`the machines could not be compared with how they were: ${error}`];
  if (status === 'held') return ['the machines were not compared with how they were: the run was killed'];
  return differs.map((what) => `the machines are not as they were: ${what}`);
}
