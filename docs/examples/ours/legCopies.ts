import type { Mutant, Replicator } from 'everyleaf/extend';
import { promises } from './promises.js';

/** A private mark: a copy passes the rules of its own leg, and must not be copied again. */
const MARK = '0x6f757273';
const ARP = 'meta protocol arp';
const ND = 'meta l4proto ipv6-icmp icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }';

/** Kernel rules that send a copy of these frames out of every other leg. */
function copying(name: string, description: string, frames: readonly string[]): Replicator {
  return {
    name,
    description,
    profile: promises,
    // Legs are kernel interfaces there: kernel rules do not see frames of a user-space switch.
    on: ['bridge-legs'],
    async install({ lab }) {
      const node = lab.node(lab.topology.host.node);
      const ports = lab.topology.legs.map((leg) => leg.hostPort);
      const chains = ports.map((port) => {
        const copies = ports.filter((other) => other !== port).map((other) => `dup to "${other}"`);
        const rules = frames.map((frame) => `${frame} meta mark set ${MARK} ${copies.join(' ')};`);
        // Before everything else that happens to frames of this port, so that it happens to the copies, too.
        const hook = `type filter hook egress device "${port}" priority -200;`;
        return `chain ${port} { ${hook} meta mark ${MARK} accept; ${rules.join(' ')} }`;
      });
      const nft = (input: string) => node.exec(['nft', '-f', '-'], { input });
      await nft(`table netdev copies { ${chains.join('; ')}; }`);
      const command = ['nft', 'list', 'table', 'netdev', 'copies'];
      return {
        async audit() {
          const { stdout } = await node.exec(command, { mayFail: true });
          const found = stdout.split('dup to').length - 1;
          const wanted = frames.length * ports.length * (ports.length - 1);
          return [{ name: 'copies', ok: found === wanted, value: String(found), command: command.join(' ') }];
        },
        // There is no process that could die: the kernel keeps the rules.
        broken: () => null,
        settled: () => Promise.resolve(),
        async [Symbol.asyncDispose]() {
          await nft('add table netdev copies; delete table netdev copies');
        },
      };
    },
  };
}

export const legCopies = copying('leg-copies', 'The kernel copies ARP, NS and NA to every other leg.', [ARP, ND]);
export const arpAlone = copying('arp-alone', 'The kernel copies ARP to every other leg, and forgets IPv6.', [ARP]);

/** A control: a run against the replicator must notice this one. */
export const forgetsNd: Mutant = {
  ...copying('forgets-nd', 'NS and NA are not copied.', [ARP]),
  mustFind: ['missing'],
};
