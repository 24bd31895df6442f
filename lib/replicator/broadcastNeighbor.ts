import { z } from 'zod';
import type { AuditFact } from '../evidence/types.js';
import { linuxBroadcastNeighbor as profile } from '../profile/table/linuxBroadcastNeighbor.js';
import { LackError } from '../testbed/capability.js';
import type { InstallContext, InstalledReplicator, Replicator } from './types.js';

const OPTION = 'broadcast_neighbor';

const SHOWN = z.array(z.object({ linkinfo: z.object({ info_data: z.object({ [OPTION]: z.boolean().optional() }) }) }));

/** What the kernel says of the option: `absent` = it does not know it, `unread` = nothing could be read. */
export type OptionState = 'on' | 'off' | 'absent' | 'unread';

/** @param text of `ip -j -d link show` for the bond */
export function optionIn(text: string): OptionState {
  try {
    const data = SHOWN.parse(JSON.parse(text))[0]?.linkinfo.info_data;
    if (data === undefined) return 'unread';
    const option = data[OPTION];
    return option === undefined ? 'absent' : option ? 'on' : 'off';
  } catch {
    return 'unread';
  }
}

/** P15: the option reads back as on; a kernel or an iproute2 that does not know it takes the command all the same. */
export function optionFact(state: OptionState, command: string): AuditFact {
  return { name: OPTION, ok: state === 'on', value: state, command };
}

async function install({ lab, plane }: InstallContext): Promise<InstalledReplicator> {
  const node = lab.node(plane.node);
  const bond = plane.environment()['EVERYLEAF_BOND'] ?? '';
  const show = ['ip', '-j', '-d', 'link', 'show', 'dev', bond];
  const read = async () => optionIn((await node.exec(show, { mayFail: true })).stdout);
  const set = (to: 'on' | 'off') =>
    node.exec(['ip', 'link', 'set', 'dev', bond, 'type', 'bond', OPTION, to], { mayFail: true });
  const { code, stderr } = await set('on');
  const state = await read();
  if (state !== 'on') {
    const { stdout } = await node.exec(['uname', '-r']);
    const said = stderr.trim() === '' ? '' : `: ${stderr.trim()}`;
    const what = state === 'absent' ? `no "${OPTION}" is shown` : `"${OPTION}" is ${state}`;
    throw new LackError([
      {
        what:
          state === 'absent'
            ? `the bonding option ${OPTION} (unsupported by kernel ${stdout.trim()}, or by its iproute2)`
            : `the bonding option ${OPTION} in mode ${plane.traits.variant} (kernel ${stdout.trim()})`,
        command: show.join(' '),
        output: `${what}; setting it ended with code ${code}${said}`,
      },
    ]);
  }
  return {
    // There is nothing that could end, or that would have to follow.
    broken: () => null,
    settled: () => Promise.resolve(),
    audit: async () => [optionFact(await read(), show.join(' '))],
    async [Symbol.asyncDispose]() {
      await set('off');
    },
  };
}

/** The replicator of the kernel's own bond, Linux 6.17 and later. */
export const broadcastNeighbor: Replicator = {
  name: 'broadcast-neighbor',
  description: 'The bonding option broadcast_neighbor sends ARP, NS and NA to every port of the active aggregator.',
  profile,
  on: ['kernel-bond', 'ovs-offload'],
  // The kernel takes the option in no mode without LACP (drivers/net/bonding/bond_options.c).
  modes: ['802.3ad', '802.3ad-layer2'],
  install,
};
