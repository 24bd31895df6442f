import type { Lease } from '../../lease/lease.js';
import type { FaultJournal } from '../../repair/journal.js';

/** What a lab is made under, and where it is written down. */
export interface LabRecords {
  readonly lease: Lease;
  readonly journal: FaultJournal;
  /** What the journal calls the run. */
  readonly run: string;
}
