import type { Lease } from '../../lease/lease.js';
import type { FaultJournal } from '../../repair/journal.js';
import type { MachineFacts } from './facts.js';
import type { LabGuards } from './guards.js';
import { undoOf, type LabNames, type Share } from './wiring.js';

/** What a lab is made under, and where it is written down. */
export interface LabRecords {
  readonly lease: Lease;
  readonly journal: FaultJournal;
  /** What the journal calls the run. */
  readonly run: string;
  /** Legs on which frames are dropped now, though they have a carrier. */
  readonly silent?: Set<string>;
}

/**
 * The changes of a lab in the journal. All of them are made in namespaces of the lab, so that taking these away undoes each:
 * that is what its guards do, and what `repair` does when they are dead, too.
 */
export interface LabEntries {
  /** Returns when it is on the disk: only then may the change be made. The returned function says that it is undone. */
  begin(machines: readonly string[], what: string): () => void;
  /** The machines have given everything back, as their witnesses have seen. */
  endAll(): void;
}

/** More is of no use to who reads it. */
const WHAT_MAX = 300;

export function labEntries(
  { journal, run }: LabRecords,
  shares: ReadonlyMap<string, Share>,
  made: { readonly names: LabNames; readonly facts: ReadonlyMap<string, MachineFacts>; readonly guards: LabGuards },
): LabEntries {
  const open = new Set<string>();
  const end = (id: string): void => {
    if (open.delete(id)) journal.end(id, 'undone');
  };
  return {
    begin(machines, what) {
      const ids = machines.flatMap((machine) => {
        const [share, found] = [shares.get(machine), made.facts.get(machine)];
        if (share === undefined || found === undefined) return [];
        const undo = undoOf(share, made.names, found);
        const guard = made.guards.folders.get(machine) ?? null;
        return [journal.begin({ run, machine, what: what.slice(0, WHAT_MAX), undo, guard })];
      });
      for (const id of ids) open.add(id);
      return () => ids.forEach(end);
    },
    endAll: () => [...open].forEach(end),
  };
}
