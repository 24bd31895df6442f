/** How we log in to a machine. */
export interface Identity {
  /** The socket of an agent; null for none. */
  readonly agent: string | null;
  /** Private key files, tried in this order before the agent's keys. */
  readonly keyFiles: readonly string[];
  /** Asked for only when a machine is logged in to; null where there is none. */
  readonly password: (() => Promise<string>) | null;
}

/** A machine that is reached by ssh. Everything is resolved: nothing is looked up in a user's configuration any more. */
export interface SshMachine {
  /** For errors, and for people. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identity: Identity;
  /** Files in the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Those that do not exist count as empty. */
  readonly knownHosts: readonly string[];
  /** The name under which its key is known, where it is not `host` (HostKeyAlias of ssh_config(5)). */
  readonly keyAlias: string | null;
  /** Jump hosts, the first from here first. Each is verified under its own name. */
  readonly via: readonly SshMachine[];
  /** `sudo -n` may be used for what needs root. */
  readonly sudo: boolean;
}

/** `user@host`, with the port where it is not 22, as people write it. */
export function addressOf({ user, host, port }: Pick<SshMachine, 'user' | 'host' | 'port'>): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${user}@${shown}${port === 22 ? '' : `:${port}`}`;
}
