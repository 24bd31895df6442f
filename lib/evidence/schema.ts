import { z } from 'zod';
import { VANTAGE_NAMES } from '../judge/vantage/vantages.js';
import { ALTERATIONS } from '../wire/altered.js';
import { isKindId } from '../wire/kinds.js';

/** Shapes of `evidence.json` and `probes.json`. Unknown keys are kept: a newer version may have written more. */

const nanoseconds = z.string().regex(/^-?\d{1,19}$/, { error: 'nanoseconds since the epoch as a decimal string' });
const mac = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, { error: 'a MAC address' });
const name = z.string().min(1).max(200);
const count = z.int().min(0);
const uint32 = z.int().min(0).max(0xffffffff);
/** Every file of an evidence lies in its own folder. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/, { error: 'a file name without a folder' });

const vlanTag = z.looseObject({
  tpid: z.union([z.literal(0x8100), z.literal(0x88a8)]),
  vid: z.int().min(0).max(4094),
  pcp: z.int().min(0).max(7),
  dei: z.boolean(),
});

const kind = z.string().refine(isKindId, { error: 'a kind of the catalogue' });

export const probeSchema = z.looseObject({
  id: uint32,
  kind,
  namedBy: z.enum(['token', 'content']),
  sender: name,
  group: z.string(),
  sentNs: nanoseconds,
  frame: z.string().regex(/^([0-9a-f]{2}){14,}$/, { error: 'a frame as lower-case hex, 14 bytes or more' }),
  wireTags: z.array(vlanTag).max(2),
  flow: z.int().optional(),
  outside: z.boolean().optional(),
});

export const probesSchema = z.array(probeSchema);

const record = z.looseObject({
  command: z.array(z.string()),
  ready: z.string().nullable(),
  canaryBefore: uint32,
  canaryAfter: uint32,
  fence: uint32,
  byVoices: z.boolean().optional(),
  receivedByFilter: count.nullable(),
  droppedByKernel: count.nullable(),
  droppedByInterface: count.nullable(),
  portDrops: count.nullable(),
});

const tap = z.looseObject({
  name,
  role: z.enum(['leaf', 'sender', 'leg', 'second-host']),
  node: name,
  port: name,
  direction: z.enum(['in', 'out']),
  leg: name.optional(),
  file: fileName,
  record,
});

const duty = z.enum(['replicated', 'single', 'unjudged']);

const profile = z.looseObject({
  name,
  title: z.string(),
  source: z.string(),
  duties: z.record(
    z.string(),
    z.union([duty, z.looseObject({ untagged: duty.optional(), tagged: duty.optional(), qinq: duty.optional() })]),
  ),
  deadLegMustBeSilent: z.boolean(),
  sendsToLacpDeadLeg: z.boolean().optional(),
  deliversOnHost: z.boolean().optional(),
  maxSkewNs: z.number().positive().optional(),
});

const address = z.looseObject({ network: name, ipv4: z.string(), ipv6: z.string() });
const attachment = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('native'), network: name }),
  z.looseObject({ type: z.literal('access'), network: name }),
  z.looseObject({ type: z.literal('trunk'), networks: z.array(name) }),
]);
const sender = { node: name, nic: name, mac, attachment, addresses: z.array(address) };

const hearing = z.enum(['all', 'active']);
const traits = z.looseObject({
  kind: name,
  variant: z.string().max(200),
  lacp: z.boolean(),
  spreads: z.enum(['flows', 'sources', 'no']),
  hears: z.looseObject({ unicast: hearing, multicast: hearing }),
  movesFlows: z.boolean().optional(),
  queues: z.boolean().optional(),
  tunnels: z.boolean().optional(),
  learnsLegs: z.boolean().optional(),
  onHost: z.enum(['vms', 'nobody', 'joined']).optional(),
  returnsOwn: z.boolean().optional(),
});

const vms = z.array(z.looseObject({ ...sender, hostPort: name }));
const legs = z
  .array(z.looseObject({ name, leaf: name, hostPort: name, hostMac: mac, leafPort: name, leafMac: mac }))
  .min(1);
const lacp = z.looseObject({ systemId: mac, key: z.int() });

const topology = z.looseObject({
  name,
  description: z.string(),
  networks: z.array(
    z.looseObject({
      name,
      vlan: z.int().nullable(),
      ipv4: z.string(),
      ipv6: z.string(),
      gateway4: z.string(),
      gateway6: z.string(),
    }),
  ),
  host: z.looseObject({
    ...sender,
    // One of the two; version 0.1.0 wrote `bond`, of Open vSwitch.
    plane: z
      .looseObject({
        traits,
        bond: name.nullable(),
        options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      })
      .optional(),
    bond: z.looseObject({ name, mode: z.string() }).optional(),
  }),
  vms,
  leaves: z.array(z.looseObject({ name, gatewayMac: mac })).min(1),
  legs,
  lacp,
  secondHost: z.looseObject({ host: z.looseObject(sender), vms, legs, lacp }).optional(),
});

const edge = { fromNs: nanoseconds, toNs: nanoseconds };
const deed = { verb: z.string(), pastTense: z.string().max(200).optional(), repeats: z.boolean().optional() };
const timelineEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('leg'), leg: name, state: z.enum(['up', 'down']), ...deed, ...edge }),
  z.looseObject({
    type: z.literal('wire'),
    leg: name,
    direction: z.enum(['to-leaf', 'to-host']),
    state: z.enum(['whole', 'lossy', 'lost', 'slow']),
    ...deed,
    ...edge,
  }),
  z.looseObject({
    type: z.literal('partner'),
    leg: name,
    state: z.enum(['speaking', 'silent', 'split']),
    ...deed,
    ...edge,
  }),
  z.looseObject({
    type: z.literal('daemon'),
    what: z.enum(['switch', 'replicator', 'controller']),
    node: name,
    state: z.enum(['up', 'down']),
    ...deed,
    ...edge,
  }),
  z.looseObject({
    type: z.literal('observed'),
    what: z.enum(['carrier', 'member', 'lacp', 'partner']),
    node: name,
    port: name,
    leg: name,
    state: z.string(),
    ...edge,
  }),
  z.looseObject({ type: z.literal('mark'), text: z.string(), ...edge }),
]);

const nodeDrops = z.array(z.looseObject({ node: name, dropped: count }));

/** What was tried of a vantage. */
export const vantageSchema = z.looseObject({
  kind: z.enum(VANTAGE_NAMES),
  at: z.string(),
  without: z.array(z.enum(['tags', 'data'])),
  canaries: z.array(
    z.looseObject({
      kind,
      form: z.enum(['untagged', 'tagged', 'qinq']),
      copies: count,
      altered: z.array(z.enum(ALTERATIONS)),
    }),
  ),
  showsSent: z.boolean(),
  ladder: z.array(z.looseObject({ perSecond: z.number().positive(), frames: count, seen: count })),
  counted: count.nullable(),
  uncounted: z.string().optional(),
  untried: z.string().optional(),
});

export const manifestSchema = z.looseObject({
  schema: z.literal(1),
  scenario: z.string(),
  intent: z.union([
    z.looseObject({ type: z.literal('qualify') }),
    z.looseObject({ type: z.literal('control'), mutant: name }),
    z.looseObject({ type: z.literal('control'), tamper: name }),
  ]),
  testbed: z.string(),
  dataplane: z.string(),
  plane: traits.optional(),
  replicator: z.string(),
  topology,
  profile,
  salt: uint32,
  window: z.looseObject({ openNs: nanoseconds, closeNs: nanoseconds }),
  lateBandNs: z.number().positive(),
  edgeBandNs: z.number().min(0),
  taps: z.array(tap),
  timeline: z.array(timelineEvent),
  macTables: z.array(
    z.looseObject({
      atNs: nanoseconds,
      entries: z.array(z.looseObject({ node: name, port: name, vlan: z.int(), mac })),
      moves: z.record(name, count).optional(),
    }),
  ),
  audit: z.array(
    z.looseObject({
      name: z.string(),
      ok: z.boolean(),
      value: z.string(),
      command: z.string(),
      listing: z.string().optional(),
    }),
  ),
  skips: z.array(z.looseObject({ what: z.string(), command: z.string(), output: z.string() })),
  stacks: z.array(name).optional(),
  hostMacs: z.array(mac).optional(),
  movedIn: z.array(name).optional(),
  blocked: z.string().nullable(),
  environment: z.record(z.string(), z.string()),
  phases: z.array(z.looseObject({ name: z.string(), ms: z.number() })),
  activeLeg: name.optional(),
  skipped: z.string().optional(),
  switchDrops: nodeDrops.optional(),
  cpuWaits: z
    .array(z.looseObject({ node: name, fromNs: nanoseconds, toNs: nanoseconds, waitedNs: z.number().nonnegative() }))
    .optional(),
  clocks: z.array(z.looseObject({ name, aheadNs: nanoseconds, errorNs: nanoseconds, nodes: z.array(name) })).optional(),
  vantages: z.record(name, vantageSchema).optional(),
  vantageLosses: z.record(name, count.nullable()).optional(),
  neighbors: fileName.optional(),
  traffic: fileName.optional(),
});

const span = { fromNs: nanoseconds, toNs: nanoseconds };

export const neighborHistorySchema = z.looseObject({
  ...span,
  periodNs: z.number().positive(),
  watched: z.array(z.looseObject({ leaf: name, sender: name, ip: z.string(), mac })),
  events: z.array(
    z.looseObject({
      atNs: nanoseconds,
      leaf: name,
      ip: z.string(),
      state: z.enum([
        'INCOMPLETE',
        'REACHABLE',
        'STALE',
        'DELAY',
        'PROBE',
        'FAILED',
        'NOARP',
        'PERMANENT',
        'NONE',
        'DELETED',
      ]),
    }),
  ),
  excused: z.array(z.looseObject({ leaf: name, ...span })).optional(),
});

export const trafficHistorySchema = z.looseObject({
  client: name,
  ...span,
  streams: z.array(
    z.looseObject({
      receiver: name,
      ip: z.string(),
      flows: count,
      sent: count,
      duplicates: count,
      lostNs: z.array(nanoseconds),
    }),
  ),
  routes: z.array(z.looseObject({ atNs: nanoseconds, ip: z.string(), leaves: z.array(name) })),
  receiverDrops: nodeDrops.optional(),
  wanted: z.array(z.string()),
  outages: z.array(z.looseObject({ what: z.string(), ...span })),
});
