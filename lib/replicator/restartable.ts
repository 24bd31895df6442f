import type { HostSwitch } from '../dataplane/types.js';
import type { Lab } from '../testbed/types.js';
import type { InstalledReplicator, Replicator } from './types.js';

/** An installed replicator that can die and come back, as its daemon would. */
export interface RestartableReplicator extends InstalledReplicator {
  /** Its processes end; what they made in the switch stays until somebody takes it away. Nothing happens when it is dead. */
  kill(): Promise<void>;
  /** Installs it anew. Nothing happens when it runs. */
  start(): Promise<void>;
}

/** Installs a replicator such that it can be killed and started again. Disposing of it while it is dead is right, too. */
export async function installRestartable(replicator: Replicator, lab: Lab, host: HostSwitch): Promise<RestartableReplicator> {
  let running: InstalledReplicator | null = await replicator.install(lab, host);
  const kill = async () => {
    const dying = running;
    running = null;
    await dying?.[Symbol.asyncDispose]();
  };
  return {
    audit: async () => (await running?.audit()) ?? [],
    broken: () => (running === null ? 'it was killed and not started again' : running.broken()),
    settled: async () => running?.settled(),
    kill,
    async start() {
      running ??= await replicator.install(lab, host);
    },
    [Symbol.asyncDispose]: kill,
  };
}
