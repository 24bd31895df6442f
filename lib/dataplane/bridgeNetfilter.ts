import { setSysctls } from '../lab/sysctl.js';
import type { Node } from '../testbed/node.js';

/** Switches of br_netfilter, where the kernel has them. */
async function withoutNetfilter(node: Node): Promise<Readonly<Record<string, string>>> {
  const folder = '/proc/sys/net/bridge';
  const { code, stdout } = await node.exec(['ls', folder], { mayFail: true });
  const names = code === 0 ? stdout.split('\n').filter((name) => name.startsWith('bridge-nf-call-')) : [];
  return Object.fromEntries(names.map((name) => [`net/bridge/${name}`, '0']));
}

/**
 * Frames that bridges hand to netfilter lose their trailer there (net/bridge/br_netfilter_ipv6.c, br_validate_ipv6),
 * and so probes lose their token. The host's firewall is not under test, either.
 */
export async function passNetfilter(node: Node): Promise<void> {
  await setSysctls(node, await withoutNetfilter(node));
}
