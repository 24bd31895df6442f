import { withoutTable } from '../../lab/nftTable.js';
import type { Change, CommandStep } from '../../testbed/change.js';
import { groupBy } from '../../groupBy.js';
import { laid, removed, type OwnLink } from '../../lab/ownLink.js';

/**
 * What happens to frames of one port, in nft(8) statements: an `egress` hook sees what the machine sends there,
 * `ingress` what it receives.
 */
export interface Hook {
  readonly node: string;
  readonly port: string;
  readonly at: 'egress' | 'ingress';
  readonly rules: readonly string[];
}

const TABLE = 'everyleaf_tamper';
/** Before the leg taps (0) and the faults of wires (100): both see what the tamper made. */
const PRIORITY = -100;

/**
 * "evl": a frame that a tamper has made or changed, so every other of its hooks lets it pass. A replicator at these
 * hooks comes earlier, and leaves marked frames alone.
 */
export const MARK = 0x65_76_6c;
const PASSES = `meta mark ${MARK} accept`;
export const SET_MARK = `meta mark set ${MARK}`;

/**
 * Where lost frames go: a link with no listener at its end. Not `drop`: the sender would be told (ENOBUFS;
 * include/linux/netfilter_netdev.h, nf_hook_egress), and Open vSwitch's userspace datapath then drops the rest of the
 * same batch, data too. A wire that loses frames tells nobody.
 */
export const SINK: OwnLink = { near: 'tampersink', far: 'tampersunk' };
export const LOSE = `fwd to "${SINK.near}"`;

/** Longer than any scenario. */
const LONGEST_MS = 600_000;

function tableText(table: string, hooks: readonly Hook[], portOf: (hook: Hook) => string): string {
  const chains = hooks.map(
    (hook, index) =>
      ` chain ${hook.at}${index} {\n  type filter hook ${hook.at} device "${portOf(hook)}" priority ${PRIORITY};\n  ${[PASSES, ...hook.rules].join('\n  ')}\n }`,
  );
  return `table netdev ${table} {\n${chains.join('\n')}\n}\n`;
}

/** Runs a script of nft. */
const nft = (node: string, input: string): CommandStep => ({ node, argv: ['nft', '-f', '-'], input });

/** The hooks, one table on each of their nodes. */
export function hooked(name: string, hooks: readonly Hook[]): Change {
  const nodes = [...groupBy(hooks, ({ node }) => node)].map(([node, own]) => ({
    node,
    text: tableText(TABLE, own, ({ port }) => port),
  }));
  return {
    name,
    steps: nodes.flatMap(({ node, text }) => [...(text.includes(LOSE) ? [laid(node, SINK)] : []), nft(node, text)]),
    undo: nodes.flatMap(({ node, text }) => [
      nft(node, withoutTable('netdev', TABLE)),
      ...(text.includes(LOSE) ? [removed(node, SINK)] : []),
    ]),
    maxMs: LONGEST_MS,
  };
}

/**
 * Whether the kernels take these hooks, tried for a moment on the loopback of each node, where they disturb nothing:
 * `nft --check` takes hooks that the kernel then refuses. Ports to which frames go need not be there yet.
 */
export function hookTries(hooks: readonly Hook[]): readonly CommandStep[] {
  return [...groupBy(hooks, ({ node }) => node)].map(([node, own]) => {
    const text = tableText(`${TABLE}_tried`, own, () => 'lo').replaceAll(/ to "[^"]*"/g, ' to "lo"');
    return nft(node, `${text}delete table netdev ${TABLE}_tried\n`);
  });
}
