import { UserError } from '../userError.js';

/** EX_UNAVAILABLE of sysexits.h: a machine, or something on it, cannot be had. */
const UNAVAILABLE = 69;

/**
 * A machine cannot be reached, refuses us, or went away. The message is one sentence with the machine and what was
 * tried; no secret is ever part of it.
 */
export class SshError extends UserError {
  /** The machine's name. */
  readonly machine: string;

  constructor(machine: string, message: string, hint: string | null = null) {
    super(`${machine}: ${message}`, hint, UNAVAILABLE);
    this.name = 'SshError';
    this.machine = machine;
  }
}

/** A server opened a session and refused to run the command in it, or closed the session instead of an answer. */
export class ExecRefused extends SshError {
  /** What the server, or ssh2 for it, said. */
  readonly said: string;

  constructor(machine: string, command: string, said: string) {
    super(
      machine,
      `the server opened a session and refused to run ${command} in it (${said}); it may have begun there nevertheless`,
    );
    this.name = 'ExecRefused';
    this.said = said;
  }
}
