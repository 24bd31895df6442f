import type { Address, Sender } from '../topology/model.js';

/**
 * `ip -batch` lines that give an interface its addresses, without duplicate address detection: the lab makes DAD when
 * it wants it.
 */
export function addressLines(
  port: string,
  addresses: readonly Address[],
  prefixes: (network: string) => { readonly ipv4: number; readonly ipv6: number },
  linkLocal: string,
): string[] {
  return [
    ...addresses.flatMap((address) => [
      `addr add ${address.ipv4}/${prefixes(address.network).ipv4} dev ${port}`,
      `addr add ${address.ipv6}/${prefixes(address.network).ipv6} dev ${port} nodad`,
    ]),
    `addr add ${linkLocal}/64 dev ${port} scope link nodad`,
  ];
}

/** The addresses that a sender's own kernel holds: a trunk NIC holds none without a VLAN device. */
export function stackAddresses(sender: Sender): readonly Address[] {
  return sender.attachment.type === 'trunk' ? [] : sender.addresses;
}
