import type { AuditFact } from '../evidence/types.js';

export interface LegState {
  readonly name: string;
  readonly leaf: string;
  readonly state: 'up' | 'down';
}

/** A lab that stands, as its lab daemon describes it. */
export interface StandingStatus {
  readonly topology: string;
  readonly mode: string;
  readonly replicator: string;
  readonly nodes: readonly string[];
  readonly legs: readonly LegState[];
  readonly daemon: ProcessIdentity;
}

/** A process, and no later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot: field 22 of proc_pid_stat(5). */
  readonly startTicks: string;
}

/** What others ask of the lab daemon, over JSON-RPC on its control socket. */
export interface LabDaemonMethods {
  status: { params: Record<string, never>; result: StandingStatus };
  /** The command that runs `argv` on a node; an empty one is an interactive shell. */
  entry: {
    params: { readonly node: string; readonly argv: readonly string[]; readonly folder: string };
    result: readonly string[];
  };
  /** Does something to a leg and waits until the bond has noticed. */
  break: { params: { readonly leg: string; readonly verb: string }; result: BreakResult };
  /** Answers when the lab is gone; the lab daemon ends after it. */
  close: { params: Record<string, never>; result: null };
}

export interface BreakResult {
  readonly leg: string;
  readonly verb: string;
  readonly event: string;
  readonly legs: readonly LegState[];
  readonly facts: readonly AuditFact[];
}

/** What the lab daemon is told on its command line, as JSON. */
export interface LabDaemonOrder {
  /** The config that brings what the rest names; null without one. */
  readonly configFile: string | null;
  readonly testbed: string;
  /** null = as the topology says. */
  readonly dataPlane: string | null;
  readonly topologyFile: string;
  /** null = as the topology says. */
  readonly mode: string | null;
  readonly replicator: string;
}

/** What the lab daemon says to the process that started it, over their IPC channel. */
export type LabDaemonNews =
  { readonly type: 'ready'; readonly status: StandingStatus } | { readonly type: 'failed'; readonly problem: Problem };

/** A UserError on its way between processes. */
export interface Problem {
  readonly message: string;
  readonly hint: string | null;
  readonly exitCode: number;
}

/** Said to the lab daemon by its starter: from now on it lives on its own. Until then it ends with its starter. */
export const STAY = 'stay';
