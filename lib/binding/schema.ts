import { z } from 'zod';
import { VANTAGE_NAMES } from '../judge/vantage/vantages.js';
import { INTERFACE_NAME_MAX, NAME_MAX, NAME_PATTERN } from '../topology/schema.js';

const name = z
  .string()
  .regex(NAME_PATTERN, { error: 'lower-case letters, digits and hyphens, a letter first' })
  .max(NAME_MAX);
const machineName = z.string().meta({ description: 'One of `machines`.' });
/** Real hardware has names that Linux would not take: Ethernet12/1. */
const port = z.string().min(1).max(64).meta({ description: 'A port as its machine calls it.' });
const interfaceName = z.string().min(1).max(INTERFACE_NAME_MAX);
const mac = z
  .string()
  .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, { error: 'a MAC address such as 02:00:00:00:01:0a' });
const command = z.array(z.string().min(1)).min(1).max(64).meta({ description: 'A program and its arguments.' });
const path = z
  .string()
  .min(1)
  .max(1_000)
  .meta({ description: 'A file, beside this one unless it begins with / or ~.' });
const yesOrNo = z.union([z.boolean(), z.enum(['yes', 'no'])]);

/** Where a secret is to be had. The secret itself never stands in the file. */
export const secretSchema = z
  .union(
    [
      z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of a variable' }) }),
      z.strictObject({ file: path }),
      z.strictObject({ command }),
      z.strictObject({ ask: z.literal(true) }),
    ],
    { error: 'it is { env: NAME }, { file: PATH }, { command: [...] } or { ask: true }' },
  )
  .meta({
    description:
      'Where the secret is: { env: NAME }, { file: PATH } with mode 0600, { command: [...] } or { ask: true }.',
  });

const machine = z.strictObject({
  ssh: z
    .string()
    .regex(/^[^\s@/-][^\s@/]{0,254}$/, { error: 'a host name or an address; the user stands in user' })
    .meta({ description: 'Host name or address, or a Host of your own ssh_config(5).' }),
  port: z.int().min(1).max(65_535).optional(),
  user: z.string().min(1).max(64).optional(),
  via: z.array(machineName).max(8).optional().meta({ description: 'Jump hosts, the first from here first.' }),
  sudo: z.boolean().optional().meta({ description: 'sudo -n may be used for what needs root.' }),
  os: z.string().min(1).max(32).optional(),
  secret: secretSchema.optional(),
});

const vantage = z.strictObject({
  kind: z
    .enum(VANTAGE_NAMES)
    .meta({ description: 'Where frames of the leaf are captured; it only takes claims away.' }),
  at: z
    .strictObject({ machine: machineName, port })
    .optional()
    .meta({ description: "Where to capture; the leaf's own port to the host when absent." }),
  direction: z
    .enum(['in', 'both'])
    .optional()
    .meta({ description: 'What is captured: received frames only, or both.' }),
  tags: z.enum(['kept', 'stripped']).optional(),
  data: z.enum(['all', 'none']).optional(),
  losses: z.array(command).max(16).optional().meta({ description: 'Counters of lost frames, read before and after.' }),
  clock: z
    .strictObject({ nic: machineName })
    .optional()
    .meta({ description: 'The machine whose card could stamp frames. For people: no run asks for it.' }),
});

const leaf = z.strictObject({
  machine: machineName,
  ports: z.record(z.string(), port).meta({ description: "By the topology's name of the port." }),
  gateway: z
    .strictObject({
      interface: z.string().min(1).max(64),
      mac: mac.optional(),
      spare: z
        .strictObject({ ipv4: z.ipv4().optional(), ipv6: z.ipv6().optional() })
        .optional()
        .meta({ description: 'Addresses that nobody else uses: a ping from them makes hosts ask.' }),
    })
    .optional(),
  vantage,
  second: vantage
    .optional()
    .meta({ description: 'Another place that shows its frames. For people: no run captures there.' }),
  faults: z
    .strictObject({
      unplug: z
        .strictObject({
          by: z.string(),
          port: port.optional(),
          domain: z
            .string()
            .regex(/^[A-Za-z0-9_.][A-Za-z0-9_.+-]{0,127}$/, { error: 'the name of a domain of libvirt' })
            .optional()
            .meta({ description: 'A virtual machine whose interface `port` is taken off the net by virsh.' }),
          commands: z
            .strictObject({ shut: command, open: command, show: command, shutSays: z.string().min(1).max(200) })
            .optional()
            .meta({
              description:
                'How that machine shuts the port, opens it, and shows it; {port} stands for the port. shutSays: what show prints while it is shut, and only then.',
            }),
        })
        .optional()
        .meta({ description: 'Who takes the carrier away: `self`, or a machine with the port at the other end.' }),
      rules: z
        .array(z.enum(['silenceLacp', 'mute', 'deafen', 'lose']))
        .optional()
        .meta({
          description:
            'Faults that are made on installed machines by a table of nftables of our own, at the ends of the leg.',
        }),
      rebootLeaf: yesOrNo.optional(),
    })
    .optional()
    .meta({ description: 'The faults that are allowed; none without it.' }),
});

const sender = z.strictObject({
  machine: machineName.nullable().optional().meta({ description: 'null: nobody logs in to it; it only answers.' }),
  netns: z.string().min(1).max(64).optional(),
  interface: interfaceName.optional(),
  mac: mac.optional(),
  ipv4: z.ipv4().optional(),
  ipv6: z.ipv6().optional(),
});

const replicator = z.union(
  [
    z.strictObject({
      installed: z.literal(true),
      name: z.string().min(1).max(100),
      version: command.optional(),
      profile: z.string().min(1).max(64).optional(),
      settleMs: z.int().min(0).max(600_000).optional(),
      killing: z
        .strictObject({ kill: command, start: command, show: command, deadSays: z.string().min(1).max(200) })
        .optional()
        .meta({
          description:
            'It may be killed: how the host does that, starts it again, and shows it. deadSays: what show prints while it is dead, and only then. Nothing else may start it meanwhile.',
        }),
    }),
    z.strictObject({ start: path.meta({ description: 'A replicator file.' }) }),
  ],
  { error: 'it is { installed: true, name: NAME } or { start: FILE }' },
);

/** A binding as a person writes it: which real machines a topology's names stand for. */
export const bindingSchema = z
  .strictObject({
    binding: name,
    topology: path,
    lease: z
      .union(
        [
          z.strictObject({
            at: machineName,
            ttl: z
              .string()
              .regex(/^\d{1,4}s$/, { error: 'seconds, such as 90s' })
              .optional(),
          }),
          z.strictObject({ command }),
        ],
        { error: 'it is { at: MACHINE } or { command: [...] }' },
      )
      .meta({ description: 'Who says that nobody else uses these machines: a file on one of them, or a command.' }),
    machines: z.record(z.string(), machine),
    keys: z
      .strictObject({
        identity: z.strictObject({ file: path }).optional(),
        agent: z.boolean().optional(),
        knownHosts: path.optional(),
      })
      .optional(),
    host: z.strictObject({
      machine: machineName,
      change: z
        .enum(['nothing', 'addresses', 'tmp', 'packages'])
        .meta({ description: 'The most that may be done there; each allows what stands before it.' }),
      ports: z.record(z.string(), interfaceName),
      replicator,
    }),
    switches: z.enum(['installed', 'built']).optional().meta({
      description:
        'built: host and leaves are bare Linux machines, and the lab builds its switches and VMs there, in namespaces of its own; installed (the default): they are what they are.',
    }),
    senders: z.record(z.string(), sender),
    leaves: z.record(z.string(), leaf),
    sanity: z
      .strictObject({
        expect: z
          .strictObject({ lacpPartners: z.literal('same').optional(), speed: z.int().min(1).optional() })
          .optional(),
        commands: z
          .array(z.array(z.string().min(1)).min(2))
          .max(64)
          .optional(),
      })
      .optional()
      .meta({ description: 'What is compared before and after; commands begin with a machine.' }),
  })
  .meta({ title: 'everyleaf binding' });

export type Binding = z.output<typeof bindingSchema>;
export type BoundMachine = Binding['machines'][string];
export type BoundLeaf = Binding['leaves'][string];
export type BoundVantage = BoundLeaf['vantage'];
export type SecretReference = z.output<typeof secretSchema>;

/** The JSON Schema that editors read, from the same source as the check itself. */
export function bindingJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(bindingSchema), null, 2)}\n`;
}
