import { setTimeout as wait } from 'node:timers/promises';
import type { AuditFact } from '../evidence/types.js';
import type { Profile } from '../profile/types.js';
import type { Node } from '../testbed/node.js';
import type { Replicator } from './types.js';

/** What a binding says of a replicator that is there already. */
export interface InstalledOrder {
  readonly name: string;
  /** Prints its version on the host; null where nobody knows how to ask. */
  readonly version: readonly string[] | null;
  /** How long it may take to follow a change, ms. */
  readonly settleMs: number;
}

async function versionFact(node: Node, version: readonly string[]): Promise<AuditFact> {
  const { code, stdout, stderr } = await node.exec(version, { mayFail: true });
  const said = `${stdout}\n${stderr}`.trim();
  return {
    name: 'version of the replicator',
    ok: code === 0,
    value: said === '' ? `no word, code ${code}` : said,
    command: version.join(' '),
  };
}

/**
 * A replicator that somebody installed: it is neither started nor removed, only asked for its version. What it said is
 * kept with each evidence.
 */
export function installedReplicator({ name, version, settleMs }: InstalledOrder, profile: Profile): Replicator {
  return {
    name,
    description: 'The replicator that is installed on the host.',
    profile,
    on: ['installed'],
    async install({ lab }) {
      await wait(settleMs);
      const node = lab.node(lab.topology.host.node);
      return {
        audit: async () => (version === null ? [] : [await versionFact(node, version)]),
        broken: () => null,
        settled: () => wait(settleMs),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
  };
}
