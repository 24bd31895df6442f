import { actions } from './actions.js';
import { u16, u32, u8, zeros } from './bytes.js';
import { TYPE } from './message.js';
import { match, numberOf } from './oxm.js';

/** What a message that changes a switch says: its type and body, and the words that it was made of. */
export interface Modification {
  readonly type: number;
  readonly body: Buffer;
  readonly words: string;
}

/** OFPP_ANY and OFPG_ANY, OFP_NO_BUFFER. Source: OpenFlow 1.4.1, 7.2.1, 7.3.4.3. */
const ANY = 0xffffffff;
const NO_BUFFER = 0xffffffff;
const ALL_TABLES = 0xff;

const FLOW = { add: 0, delete: 3 } as const;
const APPLY_ACTIONS = 4;

/** `OFPGC_ADD_OR_MOD` is Open vSwitch's: a group that is there is changed, and its flows stay (ofp-group.h). */
const ADD_OR_MOD = 0x8000;
const GROUP_TYPES: Readonly<Record<string, number>> = { all: 0 };

/** Source: OpenFlow 1.4.1, 7.3.4.3. */
function flowMod(command: number, table: number, priority: number, matching: Buffer, instructions: Buffer): Buffer {
  const [cookie, timeouts, importance] = [zeros(16), zeros(4), u16(0)];
  return Buffer.concat([
    ...[cookie, u8(table), u8(command), timeouts, u16(priority)],
    ...[u32(NO_BUFFER), u32(ANY), u32(ANY), u16(0), importance],
    ...[matching, instructions],
  ]);
}

/** Removes every flow of every table. */
export const deleteFlows: Modification = {
  type: TYPE.flowMod,
  body: flowMod(FLOW.delete, ALL_TABLES, 0, match([]), Buffer.alloc(0)),
  words: 'flow delete',
};

/**
 * A flow as ovs-ofctl(8) spells it, if it is one that the recipe has: `table=T,priority=P,MATCH,actions=ACTIONS`. Throws
 * RangeError for others.
 */
export function addFlow(flow: string): Modification {
  const [matching = '', doing] = flow.split(/,actions=(.*)/s);
  if (doing === undefined) throw new RangeError(`"${flow}" has no actions`);
  const numbers = { table: 0, priority: 0x8000 };
  const words = matching.split(',').filter((word) => {
    const [, name, value = ''] = /^(table|priority)=(.*)$/.exec(word) ?? [];
    if (name === 'table' || name === 'priority') numbers[name] = numberOf(value);
    return name === undefined;
  });
  const done = actions(doing);
  const instruction = Buffer.concat([u16(APPLY_ACTIONS), u16(8 + done.length), zeros(4), done]);
  return {
    type: TYPE.flowMod,
    // A flow without instructions drops (OpenFlow 1.4.1, 5.5).
    body: flowMod(
      FLOW.add,
      numbers.table,
      numbers.priority,
      match(words),
      done.length === 0 ? Buffer.alloc(0) : instruction,
    ),
    words: `flow add ${flow}`,
  };
}

/**
 * A group as ovs-ofctl(8) spells it, if it is one that the recipe has:
 * `group_id=N,type=all,bucket=actions=ACTIONS,bucket=...`. Throws RangeError for others. Source: OpenFlow 1.4.1, 7.3.4.4.
 */
export function putGroup(group: string): Modification {
  const [head = '', ...buckets] = group.split(',bucket=actions=');
  const [, id = '', type = ''] = /^group_id=(\d+),type=(\w+)$/.exec(head) ?? [];
  const kind = GROUP_TYPES[type];
  if (kind === undefined) throw new RangeError(`"${head}" is no group that can be said here`);
  const body = buckets.map((bucket) => {
    const done = actions(bucket);
    const [weight, noPort, noGroup] = [u16(0), u32(ANY), u32(ANY)];
    return Buffer.concat([u16(16 + done.length), weight, noPort, noGroup, zeros(4), done]);
  });
  return {
    type: TYPE.groupMod,
    body: Buffer.concat([u16(ADD_OR_MOD), u8(kind), u8(0), u32(numberOf(id)), ...body]),
    words: `group add_or_mod ${group}`,
  };
}
