import { BOND } from '../../bonding/make.js';
import { inOneLine } from '../../inOneLine.js';
import { LackError } from '../../testbed/capability.js';
import type { Node } from '../../testbed/node.js';

/** A datapath that is made only to see that it can be. */
const TRIED = 'tried0';

/** Of the filters of Open vSwitch: a tag, and what is behind it. */
const FLOWER = 'flower skip_hw vlan_id 20 vlan_ethtype arp arp_op request';

/** A tag that is taken away, and two copies. */
const ACTIONS = `vlan pop pipe action mirred egress mirror dev ${BOND} pipe action mirred egress redirect dev ${BOND}`;

/** What is tried, one after the other, and what takes it away again. */
const TRIALS: readonly { readonly what: string; readonly work: string; readonly undo: string }[] = [
  {
    what: "Open vSwitch's datapath in the kernel",
    work: `ovs-dpctl add-dp system@${TRIED}`,
    undo: `ovs-dpctl del-dp system@${TRIED}`,
  },
  {
    what: 'a block of filters that ports share',
    work: `tc qdisc add dev ${BOND} ingress_block 1 ingress`,
    undo: `tc qdisc del dev ${BOND} ingress_block 1 ingress`,
  },
];

const FILTER = `tc filter add block 1 protocol 802.1Q ${FLOWER} action ${ACTIONS}`;

/**
 * Tries what the switch does with flows, by hand: it says nothing where it cannot hand them to tc, and forwards them
 * itself. Throws LackError.
 */
export async function requireOffload(node: Node): Promise<void> {
  const attempt = async (what: string, command: string) => {
    const { code, stdout, stderr } = await node.exec(command.split(' '), { mayFail: true });
    if (code !== 0)
      throw new LackError([
        { what: `${what} (guests of --testbed vm have it)`, command, output: inOneLine(stderr || stdout) },
      ]);
  };
  const undone: string[] = [];
  try {
    for (const { what, work, undo } of TRIALS) {
      await attempt(what, work);
      undone.unshift(undo);
    }
    await attempt('filters of flower with actions', FILTER);
  } finally {
    for (const command of undone) await node.exec(command.split(' '), { mayFail: true });
  }
}
