import type { Address, Attachment, Leg, Network, Topology, Vm } from './model.js';
import type { TopologyDocument } from './schema.js';
import {
  GATEWAY_MAC,
  LACP_KEY,
  LACP_SYSTEM_ID,
  assignIpv4,
  canonicalIp,
  canonicalPrefix,
  derivedIpv6,
  firstAddress,
  hostMac,
  hostPortMac,
  leafPortMac,
  senderAddress,
  vmMac,
} from './addresses.js';
import { resolveFabric } from './fabric.js';
import { parseEndpoint } from './names.js';
import type { PlaneRules } from './planeRules.js';

/**
 * Fills in what was not written. The names must have been checked; the addresses are checked afterwards, on the result.
 */
export function resolveTopology(doc: TopologyDocument, rules: PlaneRules, variant: string): Topology {
  const networks = resolveNetworks(doc);
  const gatewayMac = lower(doc.gatewayMac) ?? GATEWAY_MAC;
  const addressesOn = (
    names: readonly string[],
    order: number,
    given: TopologyDocument['host']['addresses'],
  ): readonly Address[] =>
    names.flatMap((name) => {
      const network = networks.find((one) => one.name === name);
      return network === undefined
        ? []
        : [
            senderAddress(
              network,
              order,
              given?.find((one) => one.network === name),
            ),
          ];
    });
  const { host, lacp } = doc;
  const fabric = resolveFabric(doc);
  return {
    name: doc.name,
    description: doc.description,
    networks,
    host: {
      node: host.name,
      nic: host.nic ?? rules.hostNic,
      mac: lower(host.mac) ?? hostMac(),
      attachment: { type: 'native', network: host.network },
      addresses: addressesOn([host.network], 0, host.addresses),
      plane: {
        traits: rules.traits(variant),
        bond: rules.bond,
        // Those of another data plane would mean something else here.
        options: (host.plane?.kind === rules.kind ? host.plane.options : undefined) ?? {},
      },
    },
    vms: doc.vms.map((vm, index): Vm => {
      const attachment = attachmentOf(vm);
      return {
        node: vm.name,
        nic: vm.nic ?? 'eth0',
        mac: lower(vm.mac) ?? vmMac(index),
        attachment,
        addresses: addressesOn(
          attachment.type === 'trunk' ? attachment.networks : [attachment.network],
          index + 1,
          vm.addresses,
        ),
        hostPort: vm.name,
      };
    }),
    leaves: doc.leaves.map(({ name }) => ({ name, gatewayMac })),
    legs: doc.legs.map((leg, index): Leg => {
      const leaf = parseEndpoint(leg.to)?.node ?? '';
      return {
        name: leg.name,
        leaf,
        hostPort: parseEndpoint(leg.from)?.port ?? '',
        hostMac: lower(leg.hostMac) ?? hostPortMac(index),
        leafPort: parseEndpoint(leg.to)?.port ?? '',
        leafMac: lower(leg.leafMac) ?? leafPortMac(doc.leaves.findIndex(({ name }) => name === leaf)),
      };
    }),
    lacp: { systemId: lower(lacp?.systemId) ?? LACP_SYSTEM_ID, key: lacp?.key ?? LACP_KEY },
    ...(doc.leafSwitch === 'linux-bridge' ? { leafSwitch: doc.leafSwitch } : {}),
    ...(doc.queues === undefined || doc.queues === 1 ? {} : { queues: doc.queues }),
    ...(doc.nics === 'virtio' ? { nics: doc.nics } : {}),
    ...(fabric === null ? {} : { fabric }),
  };
}

function attachmentOf({ native, access, trunk }: TopologyDocument['vms'][number]): Attachment {
  if (native !== undefined) return { type: 'native', network: native };
  return access === undefined ? { type: 'trunk', networks: trunk ?? [] } : { type: 'access', network: access };
}

/** A network for which no IPv4 prefix is left has an empty one, which the check reports. */
function resolveNetworks(doc: TopologyDocument): readonly Network[] {
  const ipv4 = assignIpv4(doc.networks);
  return doc.networks.map((network, i): Network => {
    const prefix4 = canonicalPrefix(ipv4[i] ?? '');
    const prefix6 = canonicalPrefix(network.ipv6 ?? derivedIpv6(network.vlan ?? null));
    return {
      name: network.name,
      vlan: network.vlan ?? null,
      ipv4: prefix4,
      ipv6: prefix6,
      gateway4: canonicalIp(network.gateway4 ?? firstAddress(prefix4)),
      gateway6: canonicalIp(network.gateway6 ?? firstAddress(prefix6)),
    };
  });
}

const lower = (text: string | undefined): string | undefined => text?.toLowerCase();
