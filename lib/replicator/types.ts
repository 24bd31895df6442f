import type { HostSwitch } from '../dataplane/types.js';
import type { AuditFact } from '../evidence/types.js';
import type { Signature } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import type { Lab } from '../testbed/types.js';
import type { BondMode } from '../topology/model.js';

/** Whatever makes neighbor frames reach every leaf: the thing under test. */
export interface Replicator {
  readonly name: string;
  /** One sentence for the report. */
  readonly description: string;
  /** What it claims to do, and is judged by. */
  readonly profile: Profile;
  /** It is a process in the host's namespace that may use the network itself (names, logs): the host's kernel may then say something of its own. */
  readonly speaksOnHost?: boolean;
  install(lab: Lab, host: HostSwitch): Promise<InstalledReplicator>;
}

export interface InstalledReplicator extends AsyncDisposable {
  /** Facts about its own configuration, probed and not assumed (P15). */
  audit(): Promise<readonly AuditFact[]>;
  /** Why it no longer runs, with its last output; null while it does. */
  broken(): string | null;
  /** Resolves when its configuration fits the switch as it is now. */
  settled(): Promise<void>;
  /** Ends it without a word, as SIGKILL does, and takes nothing back; absent where it has no process that could be killed: it is disposed of. */
  sigkill?(): Promise<void>;
}

/** A replicator that is broken on purpose, to show that the lab notices. */
export interface Mutant extends Replicator {
  /** It counts as caught only with at least one of these. */
  readonly mustShow: readonly Signature[];
  /** What is wrong comes late: the window must stay open for it. Of other mutants nothing is waited for. */
  readonly isSlow?: boolean;
  /** Bond modes in which it does anything wrong; all without it. */
  readonly modes?: readonly BondMode[];
}
