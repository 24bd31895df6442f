import { tableOf, withoutTable } from '../../lab/nftTable.js';
import { nftDup } from '../../profile/table/nftDup.js';
import { copyChains } from '../../replicator/nft/ruleset.js';
import type { Mutant } from '../../replicator/types.js';

const TABLE = 'everyleaf_heard';

/**
 * The right rules at the interfaces that the application itself uses, as one would write them where it has the NICs and
 * not macvlans on them. Its packet sockets hear what others send there (net/core/dev.c, dev_queue_xmit_nit).
 */
export const heardBySender: Mutant = {
  name: 'heard-by-sender',
  description:
    "Copies are made at the application's own interfaces: it takes them for frames that came in, and hands them to the VM that sent them.",
  mustFind: ['returned-to-sender'],
  profile: nftDup,
  on: ['dpdk-bond'],
  // In active-backup it listens on one leg alone, and on that one nothing is copied.
  modes: ['802.3ad', 'balance', 'round-robin'],
  async install({ lab, plane }) {
    const node = lab.node(lab.topology.host.node);
    const nft = (input: string) => node.exec(['nft', '-f', '-'], { input });
    const ports = plane.environment()['EVERYLEAF_APPLICATION_PORTS']?.split(',') ?? [];
    await nft(tableOf('netdev', TABLE, copyChains(ports, ports)));
    return {
      audit: () => Promise.resolve([]),
      broken: () => null,
      settled: () => Promise.resolve(),
      async [Symbol.asyncDispose]() {
        await nft(withoutTable('netdev', TABLE));
      },
    };
  },
};
