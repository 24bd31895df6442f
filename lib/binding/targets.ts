import type { SshTarget } from '../ssh/resolve.js';
import type { Binding } from './schema.js';
import { fetchSecret, inFolder, type SecretSources } from './secrets.js';

/**
 * The machines of a binding by name, as they are to be logged in to. A secret is fetched when somebody logs in with it,
 * and not before.
 */
export function sshTargets(binding: Binding, sources: SecretSources): ReadonlyMap<string, SshTarget> {
  const { machines, keys = {} } = binding;
  const keyFiles = keys.identity === undefined ? [] : [inFolder(keys.identity.file, sources.folder)];
  const knownHosts = keys.knownHosts === undefined ? [] : [inFolder(keys.knownHosts, sources.folder)];
  const targetOf = (name: string): SshTarget => {
    const { ssh, port = null, user = null, via, sudo = false, secret } = machines[name] ?? { ssh: name };
    return {
      name,
      host: ssh,
      port,
      user,
      // Jump hosts of jump hosts were refused when they lead in a circle.
      via: via === undefined ? null : via.map(targetOf),
      sudo,
      keyFiles,
      // Keys of the agent are used unless the binding says no.
      agent: keys.agent ?? true,
      knownHosts,
      password: secret === undefined ? null : () => fetchSecret(secret, `the secret of ${name}`, sources),
    };
  };
  return new Map(Object.keys(machines).map((name) => [name, targetOf(name)]));
}
