import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

const TABLE = 'everyleaf_mutant';

/**
 * The right copies, but on one leg they are built anew instead of copied: a nonce (RFC 7527) comes out changed, and its
 * sender no longer recognizes its own frame.
 */
export const rewritesNonce: OvsMutant = {
  name: 'rewrites-nonce',
  description: 'The nonce of duplicate address detection is another one in the second copy.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['identity'],
  async install({ lab, plane }) {
    const node = lab.node(lab.topology.host.node);
    const [, second] = lab.topology.legs;
    const installed = await reconcile(plane, RIGHT);
    // The option, type 14, follows the ICMPv6 header (8 bytes) and the target (16); its nonce begins two bytes later.
    // With one tag the option is 58 + 24 bytes into the frame.
    const plain = 'icmpv6 type nd-neighbor-solicit @th,192,8 14 @th,224,32 set 0xdeadbeef';
    const tagged = '@ll,96,16 0x8100 @ll,656,8 14 @ll,688,32 set 0xdeadbeef';
    await node.exec(['nft', '-f', '-'], {
      input: `table netdev ${TABLE} {\n chain nonce {\n type filter hook egress device "${second?.hostPort ?? ''}" priority 0;\n ${plain}\n ${tagged}\n }\n}\n`,
    });
    return {
      ...installed,
      async [Symbol.asyncDispose]() {
        await node.exec(['nft', 'delete', 'table', 'netdev', TABLE], { mayFail: true });
        await installed[Symbol.asyncDispose]();
      },
    };
  },
};
