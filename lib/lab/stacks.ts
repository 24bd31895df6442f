import type { Lab } from '../testbed/lab.js';
import type { Sender } from '../topology/model.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import { addressLines, stackAddresses } from './addresses.js';
import { speakingSysctls } from './silence.js';
import { setSysctls } from './sysctl.js';

/** Gives a sender's own kernel its addresses, so that real stacks can be made to speak. Its interface must exist. */
export async function bringUpStack(lab: Lab, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  await setSysctls(node, speakingSysctls(sender.nic));
  const length = (cidr: string | undefined) => Number(cidr?.split('/')[1]);
  const lines = addressLines(
    sender.nic,
    stackAddresses(sender),
    (name) => {
      const network = lab.topology.networks.find((one) => one.name === name);
      return { ipv4: length(network?.ipv4), ipv6: length(network?.ipv6) };
    },
    formatIpv6(linkLocalFromMac(parseMac(sender.mac))),
  );
  await node.exec(['ip', '-batch', '-'], { input: [`link set dev ${sender.nic} up`, ...lines].join('\n') });
}
