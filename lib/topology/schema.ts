import { z } from 'zod';

/** Longest interface name that Linux takes: IFNAMSIZ 16 with its terminating zero (include/uapi/linux/if.h). */
export const INTERFACE_NAME_MAX = 15;
/** Longest topology or network name: it must fit into headings and file names. */
export const NAME_MAX = 40;
/** Most queues of an interface: more than the processors of any machine that makes a lab. */
const QUEUES_MAX = 64;
export const NAME_PATTERN = /^[a-z][a-z0-9-]*$/;

// Names are checked in names.ts, where the sentence can say what is wrong; pattern and length stand here for editors.
const name = z.string().meta({
  pattern: NAME_PATTERN.source,
  maxLength: NAME_MAX,
  description: `Lower-case letters, digits and hyphens, a letter first, at most ${NAME_MAX}.`,
});
const nodeName = z.string().meta({
  pattern: NAME_PATTERN.source,
  maxLength: INTERFACE_NAME_MAX,
  description: `Lower-case letters, digits and hyphens, a letter first, at most ${INTERFACE_NAME_MAX}: a VM's port on the host has the VM's name.`,
});
const interfaceName = z.string().meta({
  pattern: NAME_PATTERN.source,
  maxLength: INTERFACE_NAME_MAX,
  description: `Name of a Linux interface: lower-case letters, digits and hyphens, a letter first, at most ${INTERFACE_NAME_MAX}.`,
});
const mac = z
  .string()
  .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, { error: 'a MAC address such as 02:00:00:00:01:0a' })
  .meta({ description: 'Locally administered unicast MAC address: second digit 2, 6, a or e. Derived when absent.' });
const endpoint = z
  .string()
  .meta({ pattern: '^[^/]+/[^/]+$', description: 'One end of a leg: node/port, for instance leaf-a/to-host.' });

const addresses = z
  .array(
    z.strictObject({
      network: z.string(),
      ipv4: z.string().optional(),
      ipv6: z.string().optional(),
    }),
  )
  .max(16)
  .meta({ description: 'Addresses that must not be the derived ones.' });

const network = z.strictObject({
  name,
  vlan: z.int().min(1).max(4094).optional().meta({ description: 'VLAN ID; absent for the native (untagged) network.' }),
  ipv4: z
    .string()
    .optional()
    .meta({ description: 'CIDR inside RFC 5737: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24.' }),
  ipv6: z.string().optional().meta({ description: 'CIDR inside RFC 3849: 2001:db8::/32.' }),
  gateway4: z.string().optional().meta({ description: 'The gateway on every leaf; the first address when absent.' }),
  gateway6: z.string().optional().meta({ description: 'The gateway on every leaf; the first address when absent.' }),
});

const host = z.strictObject({
  name: nodeName,
  nic: interfaceName
    .optional()
    .meta({ description: "The interface of the host's own stack; the data plane's name for it when absent." }),
  network: z.string().meta({ description: "The native network, which the host's own stack uses." }),
  mac: mac.optional(),
  addresses: addresses.optional(),
  plane: z
    .strictObject({
      kind: z.string().meta({ description: 'Which data plane; the names are those of --data-plane.' }),
      variant: z
        .string()
        .optional()
        .meta({ description: 'Its variant, for instance a bond mode; its first when absent.' }),
      options: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
        .optional()
        .meta({ description: 'Options of this data plane only.' }),
    })
    .optional()
    .meta({
      description: 'How the host joins its legs, unless a run says otherwise; the first known data plane when absent.',
    }),
});

const vm = z.strictObject({
  name: nodeName,
  nic: interfaceName.optional().meta({ description: "The VM's own interface; eth0 when absent." }),
  native: z.string().optional().meta({ description: 'The untagged network, for a VM that is on it like the host.' }),
  access: z
    .string()
    .optional()
    .meta({ description: "The network whose tag the host's switch pushes and pops for this VM." }),
  trunk: z
    .array(z.string())
    .min(1)
    .max(16)
    .optional()
    .meta({ description: 'The networks that this VM tags by itself.' }),
  mac: mac.optional(),
  addresses: addresses.optional(),
});

const leaf = z.strictObject({ name: nodeName });

const leg = z.strictObject({
  name: nodeName,
  from: endpoint.meta({ description: "The host's end: host/port." }),
  to: endpoint.meta({ description: "The leaf's end: leaf/port." }),
  hostMac: mac.optional(),
  leafMac: mac.optional(),
});

const spine = z.strictObject({
  name: nodeName,
  ipv4: z.string().optional().meta({
    description:
      'CIDR inside RFC 5737 for the links to the leaves (lower half) and to the client (upper half); the next free one when absent.',
  }),
  ipv6: z
    .string()
    .optional()
    .meta({ description: 'CIDR inside RFC 3849 for the same; 2001:db8:fab::/48 when absent.' }),
});

const client = z.strictObject({
  name: nodeName,
  nic: interfaceName.optional().meta({ description: "The client's interface; eth0 when absent." }),
  mac: mac.optional(),
});

/** A topology as a person writes it; what may be derived may be absent. */
export const topologySchema = z
  .strictObject({
    name,
    description: z
      .string()
      .min(1)
      .max(300)
      .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, { error: 'one line of printable text' }),
    networks: z.array(network).min(1).max(16),
    host,
    leaves: z
      .array(leaf)
      .min(2)
      .max(128)
      .meta({ description: 'Un-stacked leaf switches: no peer link, one gateway MAC and LACP identity.' }),
    legs: z.array(leg).min(2).max(128).meta({ description: 'One link from the host to each leaf.' }),
    vms: z
      .array(vm)
      .min(2)
      .max(64)
      .meta({ description: 'VMs behind the host; two of them must differ only in the last bit of their MAC.' }),
    spine: spine
      .optional()
      .meta({ description: 'A router above the leaves: one link to each, and one to the client.' }),
    client: client.optional().meta({ description: 'A machine behind the spine that talks to host and VMs.' }),
    leafSwitch: z.enum(['built-in', 'linux-bridge']).optional().meta({
      description:
        'What each leaf is: the built-in switch when absent, or a bridge of the kernel, with a bond of the kernel where it speaks LACP.',
    }),
    queues: z
      .int()
      .min(1)
      .max(QUEUES_MAX)
      .optional()
      .meta({
        description: `Transmit and receive queues of each end of each link, 1 to ${QUEUES_MAX}; 1 when absent.`,
      }),
    nics: z.enum(['veth', 'virtio']).optional().meta({
      description:
        'What is at both ends of each leg: an end of a veth pair when absent, or a virtio NIC, in guests, with at most 4 queues.',
    }),
    gatewayMac: mac.optional().meta({ description: 'The MAC of every gateway on every leaf.' }),
    lacp: z
      .strictObject({ systemId: mac.optional(), key: z.int().min(1).max(65535).optional() })
      .optional()
      .meta({ description: 'The LACP identity that all leaves share.' }),
  })
  .meta({ title: 'everyleaf topology' });

export type TopologyDocument = z.output<typeof topologySchema>;

/** The JSON Schema that editors read, from the same source as the check itself. */
export function topologyJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(topologySchema), null, 2)}\n`;
}
