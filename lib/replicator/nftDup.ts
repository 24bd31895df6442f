import { withoutTable } from '../lab/nftTable.js';
import { DURATIONS } from '../durations.js';
import { inOneLine } from '../inOneLine.js';
import { retrying } from '../retrying.js';
import { nftDup as profile } from '../profile/table/nftDup.js';
import { LackError } from '../testbed/capability.js';
import { EGRESS_MODES, EGRESS_PLANES } from './egress.js';
import { dupFacts } from './nft/audit.js';
import { dupScript, TABLE } from './nft/ruleset.js';
import type { InstallContext, InstalledReplicator, Replicator } from './types.js';

const PAUSES = { first: DURATIONS.reconnect, longest: DURATIONS.reconnectLongest };

async function install({ lab, plane }: InstallContext): Promise<InstalledReplicator> {
  const { host, legs } = lab.topology;
  const node = lab.node(host.node);
  const all = legs.map(({ hostPort }) => hostPort);
  const live = async () => {
    const enabled = (await plane.members()).filter((member) => member.enabled).map(({ leg }) => leg);
    return legs.filter(({ name }) => enabled.includes(name)).map(({ hostPort }) => hostPort);
  };
  const apply = async () => {
    const input = dupScript(all, await live());
    const { code, stdout, stderr } = await node.exec(['nft', '-f', '-'], { input, mayFail: true });
    if (code === 0) return;
    throw new LackError([
      {
        what: 'copies at the egress of a port',
        command: `nft '${inOneLine(input)}'`,
        output: inOneLine(stderr || stdout),
      },
    ]);
  };
  await apply();
  // Otherwise a leg without carrier would be handed copies, too.
  const retried = retrying('the rules to fit the legs', apply, PAUSES);
  const watch = await plane.watch(retried.touch);
  return {
    async settled() {
      // The news of a leg may still be on its way.
      retried.touch();
      await retried.settled(DURATIONS.daemonStart);
    },
    broken: () => retried.failure(),
    async audit() {
      await retried.settled(DURATIONS.recovery).catch(() => undefined);
      const list = (...options: readonly string[]) =>
        node.exec(['nft', ...options, 'list', 'table', 'netdev', TABLE], { mayFail: true });
      const [json, text, ports] = await Promise.all([list('-j'), list(), live()]);
      return dupFacts(all, ports, json.code === 0 ? json.stdout : null, text.stdout || text.stderr);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([retried.close(), watch[Symbol.asyncDispose]()]);
      await node.exec(['nft', '-f', '-'], { input: withoutTable('netdev', TABLE) });
    },
  };
}

/** Rules of nftables at the legs of a kernel bridge. */
export const nftDup: Replicator = {
  name: 'nft-dup',
  description:
    'nftables copies ARP, NS and NA that leave on one leg to each other leg with carrier, at the egress hook.',
  profile,
  on: EGRESS_PLANES,
  modes: EGRESS_MODES,
  install,
};
