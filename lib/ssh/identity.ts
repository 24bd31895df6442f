import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod } from 'ssh2';
import { loadSsh2 } from './loadSsh2.js';
import type { SshMachine } from './machine.js';

/** The ways to log in to a machine, and in words what was tried, or why it could not be. */
export interface LoginMethods {
  readonly methods: readonly AnyAuthMethod[];
  readonly told: readonly string[];
}

/** Reads a machine's keys and asks for its password. Never throws: what cannot be used is told. */
export async function loginMethods({ user, identity }: SshMachine): Promise<LoginMethods> {
  const methods: AnyAuthMethod[] = [];
  const told: string[] = [];
  for (const file of identity.keyFiles) {
    const text = await readFile(file).catch((error: unknown) => (error instanceof Error ? error : new Error(file)));
    if (text instanceof Error) {
      told.push(`the key ${file} cannot be read (${'code' in text ? String(text.code) : text.message})`);
      continue;
    }
    const key = (await loadSsh2()).utils.parseKey(text);
    if (key instanceof Error) {
      told.push(
        /encrypted/i.test(key.message)
          ? `the key ${file} has a passphrase: give it to an agent (ssh-add)`
          : `${file} is no private key that can be read`,
      );
      continue;
    }
    methods.push({ type: 'publickey', username: user, key: text });
    told.push(`the key ${file}`);
  }
  if (identity.agent !== null) {
    methods.push({ type: 'agent', username: user, agent: identity.agent });
    told.push(`the keys of the agent at ${identity.agent}`);
  }
  if (identity.password !== null) {
    methods.push({ type: 'password', username: user, password: await identity.password() });
    told.push('the password');
  }
  return { methods, told };
}
