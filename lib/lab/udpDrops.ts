import type { Node } from '../testbed/node.js';
import { readFiles } from './files.js';

/**
 * UDP datagrams, IPv4 and IPv6, for which sockets of a node had no room so far (`RcvbufErrors` of /proc/net/snmp
 * and snmp6).
 */
export async function udpDrops(node: Node): Promise<number> {
  const [snmp = '', snmp6 = ''] = await readFiles(node, ['/proc/net/snmp', '/proc/net/snmp6']);
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  const sixth = /^Udp6RcvbufErrors\s+(\d+)$/m.exec(snmp6)?.[1];
  return Number(values[names.indexOf('RcvbufErrors')] ?? 0) + Number(sixth ?? 0);
}
