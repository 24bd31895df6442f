import { BOND } from '../../bonding/make.js';
import type { AuditFact } from '../../evidence/types.js';
import { groupBy } from '../../groupBy.js';
import type { Row } from '../../ovs/ask.js';
import { valueIn } from '../../ovs/cells.js';
import { blocksIn, copiesIn } from './filters.js';
import { neighborFlowsIn, type NeighborFlow } from './flows.js';

/** `other_config` of the switch: it hands flows to tc, and asks no NIC to take them (ovs-vswitchd.conf.db(5)). */
export const CONFIG = { 'hw-offload': 'true', 'tc-policy': 'skip_hw' } as const;

/** Characters of a listing: that of a storm's flows would be larger than all else in the evidence. */
const LISTING_MAX = 200_000;

/** The beginning of what a command printed, and how much more it was. */
const kept = (text: string) =>
  text.length <= LISTING_MAX
    ? text
    : `${text.slice(0, LISTING_MAX)}\n... and ${text.length - LISTING_MAX} characters more`;

/** P15: the switch was told to hand its flows to tc. @param row of the table Open_vSwitch, with `other_config` */
export function configFacts(row: Row | undefined): readonly AuditFact[] {
  return Object.entries(CONFIG).map(([name, wanted]) => {
    const value = valueIn(row?.['other_config'], name);
    return {
      name,
      ok: value === wanted,
      value: value ?? 'unset',
      command: 'ovs-vsctl get Open_vSwitch . other_config',
    };
  });
}

/** P15: the bond and its ports share one block of filters, so that a NIC's VF LAG would have them. */
export function blockFact(listing: string, legs: readonly string[]): AuditFact {
  const blocks = blocksIn(listing);
  const ports = [BOND, ...legs];
  const found = ports.map((port) => blocks.get(port) ?? null);
  return {
    name: 'shared block of filters',
    ok: found[0] !== null && found.every((block) => block === found[0]),
    value: ports.map((port, index) => `${port} ${found[index] ?? 'none'}`).join(', '),
    command: 'tc -j qdisc show',
    listing,
  };
}

/** `3 of ARP from vm1 with 2 outputs`, for all that are alike. */
function counted(flows: readonly NeighborFlow[]): readonly string[] {
  const alike = ({ kind, from, outputs }: NeighborFlow) =>
    `of ${kind} from ${from} with ${outputs} output${outputs === 1 ? '' : 's'}`;
  return [...groupBy(flows, alike)].map(([what, some]) => `${some.length} ${what}`).sort();
}

/** What was read, one after the other: the second dump tells which flows were there all the while. */
export interface OffloadReadings {
  /** `dpctl/dump-flows -m type=tc` and `type=ovs`. */
  readonly inTc: string;
  readonly inModule: string;
  /** `tc -s -j filter show`, by the words behind it: `dev vm1 ingress`. */
  readonly filters: ReadonlyMap<string, string>;
  /** `dpctl/dump-flows -m type=tc` once more. */
  readonly inTcAfter: string;
}

const DUMP = 'ovs-appctl dpctl/dump-flows -m type=tc';

/**
 * P15: which flows of neighbor frames are filters of tc, and how many outputs they have. A flow is removed when nothing
 * came by it for some seconds, so there may be none. What the switch calls `offloaded` is in hardware: there is none.
 */
export function flowFacts({ inTc, inModule, filters, inTcAfter }: OffloadReadings): readonly AuditFact[] {
  const lasting = new Set(neighborFlowsIn(inTcAfter).map(({ cookie }) => cookie));
  const flows = neighborFlowsIn(inTc);
  const others = neighborFlowsIn(inModule);
  const copies = copiesIn([...filters.values()]);
  const wrong = flows.filter(({ cookie, outputs }) => lasting.has(cookie) && copies.get(cookie) !== outputs);
  const listing = [...filters].map(([words, text]) => `${words}\n${text.trim()}\n`).join('');
  const none = 'no flow of neighbor frames is there now';
  return [
    {
      name: 'neighbor flows in tc',
      // All in the module: then nothing was handed to tc, whatever was asked for.
      ok: flows.length > 0 || others.length === 0,
      value:
        flows.length + others.length === 0
          ? none
          : `${flows.length} of ${flows.length + others.length}: ${counted(flows).join('; ') || 'none'}`,
      command: DUMP,
      listing: kept(inTc),
    },
    {
      name: 'neighbor flows in the module',
      ok: true,
      value: counted(others).join('; ') || 'none',
      command: 'ovs-appctl dpctl/dump-flows -m type=ovs',
      listing: kept(inModule),
    },
    {
      name: 'filters of these flows',
      ok: wrong.length === 0,
      value:
        wrong.length === 0
          ? flows.length === 0
            ? none
            : 'each has one, with as many copies as outputs'
          : wrong
              .map(({ kind, from, outputs, cookie }) => {
                const has = copies.get(cookie);
                const found = has === undefined ? 'has no filter' : `has a filter that makes ${has} copies`;
                return `one of ${kind} from ${from} with ${outputs} outputs ${found}`;
              })
              .join('; '),
      command: 'tc -s -j filter show',
      listing: kept(listing),
    },
  ];
}
