import type { Plane } from '../dataplane/plane.js';
import type { AuditFact } from '../evidence/types.js';
import type { Signature } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import type { Lab } from '../testbed/lab.js';

/** Where a replicator is installed. */
export interface InstallContext<P extends Plane = Plane> {
  readonly lab: Lab;
  readonly plane: P;
}

/**
 * Whatever makes neighbor frames reach every leaf: the system under test. One that needs more of a plane than all
 * planes have declares that by its type.
 */
export interface Replicator<P extends Plane = Plane> {
  readonly name: string;
  /** One sentence for the report. */
  readonly description: string;
  /** What it claims to do; it is judged by this. */
  readonly profile: Profile;
  /**
   * It is a process in the host's namespace that may use the network itself (names, logs): the host's kernel may then
   * send frames, too.
   */
  readonly speaksOnHost?: boolean;
  /**
   * It is a controller: a process that only installs what copies frames, on the switch, which must go on without it.
   */
  readonly controller?: boolean;
  /** Kinds of data planes on which it can be installed. A `Replicator<P>` names the kinds whose planes are a `P`. */
  readonly on: readonly string[] | 'any';
  /**
   * Variants of its data plane that it is made for: a run tries these, unless others are named. All without it. On
   * another one it is tried all the same where that is asked for, and says itself what is lacking.
   */
  readonly modes?: readonly string[];
  install(context: InstallContext<P>): Promise<InstalledReplicator>;
}

export interface InstalledReplicator extends AsyncDisposable {
  /** Facts about its own configuration, probed and not assumed (P15). */
  audit(): Promise<readonly AuditFact[]>;
  /** Why it no longer runs, with its last output; null while it does. */
  broken(): string | null;
  /** Resolves when its configuration fits the switch as it is now. */
  settled(): Promise<void>;
  /**
   * Ends it at once, as SIGKILL does, and undoes nothing; absent where it has no process to kill: it is disposed of
   * instead.
   */
  sigkill?(): Promise<void>;
}

/** A replicator that is broken on purpose, to show that the lab notices. */
export interface Mutant<P extends Plane = Plane> extends Replicator<P> {
  /** It counts as caught only with at least one of these. */
  readonly mustFind: readonly Signature[];
  /** Its effect comes late: the window must stay open for it. Other mutants are not waited for. */
  readonly actsLate?: boolean;
  /** Variants of its data plane in which it does anything wrong; all without it. */
  readonly modes?: readonly string[];
}
