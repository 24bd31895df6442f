import { UserError } from '../userError.js';
import type { InstallContext, InstalledReplicator, Replicator } from './types.js';

/** An installed replicator that can die and come back, as its daemon would. */
export interface RestartableReplicator extends InstalledReplicator {
  /**
   * Its processes are killed; one without processes is taken away with what it made. Nothing happens when it is dead.
   */
  kill(): Promise<void>;
  /** Installs it anew. Nothing happens when it runs. */
  start(): Promise<void>;
}

/**
 * Installs a replicator such that it can be killed and started again. Disposing of it while it is dead is right, too.
 * Throws UserError where it is not made for this kind of data plane.
 */
export async function installRestartable(
  replicator: Replicator,
  context: InstallContext,
): Promise<RestartableReplicator> {
  const { kind } = context.plane.traits;
  if (replicator.on !== 'any' && !replicator.on.includes(kind))
    throw new UserError(
      `the replicator ${replicator.name} cannot be installed on the data plane ${kind}`,
      `it is made for ${replicator.on.join(', ')}`,
    );
  let running: InstalledReplicator | null = await replicator.install(context);
  const take = (): InstalledReplicator | null => {
    const taken = running;
    running = null;
    return taken;
  };
  return {
    audit: async () => (await running?.audit()) ?? [],
    broken: () => (running === null ? 'it was killed and not started again' : running.broken()),
    settled: async () => running?.settled(),
    async kill() {
      const dying = take();
      await (dying?.sigkill === undefined ? dying?.[Symbol.asyncDispose]() : dying.sigkill());
    },
    async start() {
      running ??= await replicator.install(context);
    },
    [Symbol.asyncDispose]: async () => take()?.[Symbol.asyncDispose](),
  };
}
