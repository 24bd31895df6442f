import type { AuditFact } from '../../evidence/types.js';
import { tableOf, withoutTable } from '../../lab/nftTable.js';
import { priorityOf } from '../../lab/tcClass.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { ovsGroup as profile } from '../../profile/table/ovsGroup.js';
import { LackError } from '../../testbed/capability.js';
import { MATCHES } from '../nft/ruleset.js';
import type { Replicator } from '../types.js';
import { RIGHT } from './recipe.js';
import { reconcile } from './reconciler.js';

/** The table with the rules that choose the class. */
const TABLE = 'everyleaf_class';

/**
 * What belongs into the class. In tagged frames nft does not look behind extension headers, so all that have one: a
 * single frame that is refused takes the rest of its batch with it, whatever class that is for (Open vSwitch, lib/
 * netdev-linux.c, netdev_linux_sock_batch_send).
 */
const FRAMES = [...MATCHES, '@ll,96,16 0x8100 @ll,128,16 0x86dd @ll,192,8 { 0, 43, 60 }'];

/** A script of nft(8): neighbor frames that leave on these ports get this priority, copies and all. */
export function classScript(ports: readonly string[], priority: string): string {
  const chains = ports.map((port, index) =>
    [
      ` chain leg${index} {`,
      `  type filter hook egress device "${port}" priority 60;`,
      ...FRAMES.map((match) => `  ${match} meta priority set ${priority}`),
      ' }',
    ].join('\n'),
  );
  return tableOf('netdev', TABLE, chains);
}

/** P15: the rules are in force. `text` is what `nft list table` says. */
export function classFact(text: string, ports: readonly string[]): AuditFact {
  const found = text.split('meta priority set ').length - 1;
  const wanted = ports.length * FRAMES.length;
  return {
    name: 'class of neighbor frames',
    ok: found === wanted,
    value: `${found} of ${wanted} rules`,
    command: `nft list table netdev ${TABLE}`,
  };
}

/** The group recipe, and its frames do not wait behind data on any uplink. */
export const ovsGroupClass: Replicator<OvsPlane> = {
  name: 'ovs-group-class',
  description: 'As ovs-group; nftables puts ARP, NS and NA that leave on an uplink into the class of control frames.',
  profile,
  on: ['qos'],
  async install({ lab, plane }) {
    const { host, legs } = lab.topology;
    const node = lab.node(host.node);
    const ports = legs.map(({ hostPort }) => hostPort);
    const { EVERYLEAF_CLASS: classId = '' } = plane.environment();
    const input = classScript(ports, priorityOf(classId));
    const { code, stdout, stderr } = await node.exec(['nft', '-f', '-'], { input, mayFail: true });
    if (code !== 0)
      throw new LackError([
        { what: 'rules that choose a class', command: `nft '${input.trim()}'`, output: (stderr || stdout).trim() },
      ]);
    const group = await reconcile(plane, RIGHT);
    return {
      ...group,
      async audit() {
        const [facts, listed] = await Promise.all([
          group.audit(),
          node.exec(['nft', 'list', 'table', 'netdev', TABLE], { mayFail: true }),
        ]);
        return [...facts, classFact(listed.stdout, ports)];
      },
      async [Symbol.asyncDispose]() {
        await group[Symbol.asyncDispose]();
        await node.exec(['nft', '-f', '-'], { input: withoutTable('netdev', TABLE) });
      },
    };
  },
};
