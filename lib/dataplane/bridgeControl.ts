import { DURATIONS } from '../durations.js';
import { lacking, offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS, type CommandStep } from '../testbed/change.js';
import type { Node } from '../testbed/node.js';
import { fdbIn } from './bridgeFdb.js';
import { countMoves } from './bridgeMoves.js';
import type { SwitchControl } from './plane.js';

/** The kernel's default: 300 s, in hundredths (include/linux/if_bridge.h, br_dev_setup). */
const USUAL_AGEING = 30_000;

/**
 * What can be asked of a bridge of the kernel, from now on: it counts MACs that move.
 *
 * @param untagged its number of the VLAN of frames without a tag; null where it knows no VLANs
 */
export async function bridgeControl(node: Node, bridge: string, untagged: number | null): Promise<SwitchControl> {
  const fdbMoves = await countMoves(node, bridge);
  const ageing = (hundredths: number): CommandStep => ({
    node: node.name,
    argv: ['ip', 'link', 'set', 'dev', bridge, 'type', 'bridge', 'ageing_time', `${hundredths}`],
  });
  const lack = (what: string, output: string) => lacking({ what, command: `ip -d link show ${bridge}`, output });
  return {
    node: node.name,
    async fdb() {
      const { stdout } = await node.exec(['bridge', '-j', 'fdb', 'show', 'br', bridge]);
      return fdbIn(stdout, node.name, (vlan) => (untagged === null || vlan === untagged ? 0 : vlan));
    },
    fdbMoves,
    ageFdb: offer({
      name: `${node.name} forgets MACs soon`,
      steps: [ageing(DURATIONS.macAgeing / 10)],
      undo: [ageing(USUAL_AGEING)],
      maxMs: LONGEST_CHANGE_MS,
    }),
    inputDrops: lack('a separate input queue', 'what a port takes in is forwarded at once'),
    cpuWait: lack('a program that forwards', 'the kernel does it'),
    shell: { env: {}, tools: {} },
  };
}
