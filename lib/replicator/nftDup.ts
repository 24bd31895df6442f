import { withoutTable } from '../lab/nftTable.js';
import { DURATIONS } from '../durations.js';
import type { AuditFact } from '../evidence/types.js';
import { inOneLine } from '../inOneLine.js';
import { retrying } from '../retrying.js';
import { nftDup as profile } from '../profile/table/nftDup.js';
import { LackError } from '../testbed/capability.js';
import { EGRESS_MODES, EGRESS_PLANES } from './egress.js';
import { exitsOf, type ExitPorts } from './exits.js';
import { dupFacts } from './nft/audit.js';
import { dupScript, TABLE } from './nft/ruleset.js';
import type { InstallContext, InstalledReplicator, Replicator } from './types.js';

const PAUSES = { first: DURATIONS.reconnect, longest: DURATIONS.reconnectLongest };

/** The rules at the ports of one machine, as they fit the legs now. Throws LackError where its kernel refuses them. */
async function apply({ node, ports, live }: ExitPorts): Promise<void> {
  const input = dupScript(ports, await live());
  const { code, stdout, stderr } = await node.exec(['nft', '-f', '-'], { input, mayFail: true });
  if (code === 0) return;
  throw new LackError([
    {
      what: 'copies at the egress of a port',
      command: `nft '${inOneLine(input)}'`,
      output: inOneLine(stderr || stdout),
    },
  ]);
}

async function factsOf({ node, ports, live, named }: ExitPorts): Promise<readonly AuditFact[]> {
  const list = (...options: readonly string[]) =>
    node.exec(['nft', ...options, 'list', 'table', 'netdev', TABLE], { mayFail: true });
  const [json, text, now] = await Promise.all([list('-j'), list(), live()]);
  return dupFacts(ports, now, json.code === 0 ? json.stdout : null, text.stdout || text.stderr).map(named);
}

async function install(context: InstallContext): Promise<InstalledReplicator> {
  const exits = exitsOf(context);
  const applyAll = async () => {
    await Promise.all(exits.map(apply));
  };
  const remove = () =>
    Promise.all(exits.map(({ node }) => node.exec(['nft', '-f', '-'], { input: withoutTable('netdev', TABLE) })));
  await applyAll();
  // Otherwise a leg without carrier would be handed copies, too.
  const retried = retrying('the rules to fit the legs', applyAll, PAUSES);
  const watch = await context.plane.watch(retried.touch);
  return {
    async settled() {
      // The news of a leg may still be on its way.
      retried.touch();
      await retried.settled(DURATIONS.daemonStart);
    },
    broken: () => retried.failure(),
    async audit() {
      await retried.settled(DURATIONS.recovery).catch(() => undefined);
      return (await Promise.all(exits.map(factsOf))).flat();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([retried.close(), watch[Symbol.asyncDispose]()]);
      await remove();
    },
  };
}

/** Rules of nftables at the legs of a kernel bridge, or of whatever chooses a leg. */
export const nftDup: Replicator = {
  name: 'nft-dup',
  description:
    'nftables copies ARP, NS and NA that leave on one leg to each other leg with carrier, at the egress hook.',
  profile,
  on: EGRESS_PLANES,
  modes: EGRESS_MODES,
  install,
};
