import { UserError } from '../userError.js';
import type { InstallContext, InstalledReplicator, Replicator } from './types.js';

/** An installed replicator that can die and come back, as its daemon would. */
export interface RestartableReplicator extends InstalledReplicator {
  /**
   * Kills its processes; a replicator without processes is removed with its configuration. Does nothing when it is
   * dead.
   */
  kill(): Promise<void>;
  /** It is a controller, which is not needed while nothing changes. */
  readonly controller?: boolean;
  /** Installs it again. Does nothing when it runs. */
  start(): Promise<void>;
}

/**
 * Installs a replicator such that it can be killed and started again. It may be disposed of while it is dead.
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
  const controller = replicator.controller === true;
  /** A controller that is dead: what it installed is still there, and can be asked for. */
  let dead: InstalledReplicator | null = null;
  const take = (): InstalledReplicator | null => {
    const taken = running;
    running = null;
    return taken;
  };
  return {
    controller,
    audit: async () => (await (running ?? dead)?.audit()) ?? [],
    broken: () => (running === null ? 'it was killed and not started again' : running.broken()),
    settled: async () => running?.settled(),
    async kill() {
      const dying = take();
      if (controller) dead = dying ?? dead;
      await (dying?.sigkill === undefined ? dying?.[Symbol.asyncDispose]() : dying.sigkill());
    },
    async start() {
      running ??= await replicator.install(context);
    },
    [Symbol.asyncDispose]: async () => take()?.[Symbol.asyncDispose](),
  };
}
