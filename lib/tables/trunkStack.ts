import type { SkipEntry } from '../evidence/types.js';
import { addressLines } from '../lab/addresses.js';
import { speakingSysctls } from '../lab/silence.js';
import type { Lab } from '../testbed/lab.js';
import type { Vm } from '../topology/model.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import { setSysctls } from '../lab/sysctl.js';

/**
 * Gives a VM that tags by itself a stack on each of its VLANs. Needs VLAN devices in the kernel; where there are none,
 * returns the command that showed it.
 */
export async function raiseTrunkStack(lab: Lab, vm: Vm): Promise<SkipEntry | null> {
  const node = lab.node(vm.node);
  for (const address of vm.addresses) {
    const network = lab.topology.networks.find((one) => one.name === address.network);
    if (network === undefined || network.vlan === null) continue;
    const device = `${vm.nic}.${network.vlan}`;
    const command = ['ip', 'link', 'add', 'link', vm.nic, 'name', device, 'type', 'vlan', 'id', String(network.vlan)];
    const made = await node.exec(command, { mayFail: true });
    if (made.code !== 0)
      return {
        what: `leaf tables of ${vm.node}, which tags by itself`,
        command: command.join(' '),
        output: (made.stderr || made.stdout).trim(),
      };
    await setSysctls(node, speakingSysctls(device));
    const length = (cidr: string): number => Number(cidr.split('/')[1]);
    const lines = addressLines(
      device,
      [address],
      () => ({ ipv4: length(network.ipv4), ipv6: length(network.ipv6) }),
      formatIpv6(linkLocalFromMac(parseMac(vm.mac))),
    );
    await node.exec(['ip', '-batch', '-'], { input: [`link set dev ${device} up`, ...lines].join('\n') });
  }
  return null;
}
