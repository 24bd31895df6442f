import type { Cell, Operation, Row } from './ask.js';

/** The only bridge of each Open vSwitch of a lab, and also the port of its node's own stack. */
export const BRIDGE = 'br0';

/** A row of the database by its name, and columns of it. Source: ovs-vswitchd.conf.db(5). */
export interface Named {
  readonly name: string;
  readonly columns?: Row;
}

export interface BridgePort extends Named {
  /** More than one makes it a bond; without them it has one interface of its own name. */
  readonly interfaces?: readonly Named[];
}

/** A bridge. */
export interface Bridge {
  /** Where it forwards: in user space (`netdev`, the default), or in the kernel (`system`). */
  readonly datapath?: 'netdev' | 'system';
  readonly columns?: Row;
  readonly ports: readonly BridgePort[];
  /** `other_config` of the switch as a whole. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A column with keys and values. */
export function map(entries: Readonly<Record<string, string>>): Cell {
  return ['map', Object.entries(entries)];
}

type Insert = (table: string, row: Row) => Cell;

/** Inserts rows, each of which the others can name. */
function inserting(operations: Operation[]): Insert {
  return (table, row) => {
    const name = `row${operations.length}`;
    operations.push({ op: 'insert', table, 'uuid-name': name, row });
    return ['named-uuid', name];
  };
}

function insertPort(insert: Insert, port: BridgePort): Cell {
  const interfaces = (port.interfaces ?? [{ name: port.name }]).map((one) =>
    insert('Interface', { ...one.columns, name: one.name }),
  );
  return insert('Port', { ...port.columns, name: port.name, interfaces: ['set', interfaces] });
}

/** What `ovs-vsctl add-port` does. */
export function portInserts(port: BridgePort): readonly Operation[] {
  const operations: Operation[] = [];
  const made = insertPort(inserting(operations), port);
  const mutations = [['ports', 'insert', ['set', [made]]]];
  return [...operations, { op: 'mutate', table: 'Bridge', where: [['name', '==', BRIDGE]], mutations }];
}

/**
 * What fills an empty database, so that ovs-vswitchd finds its bridge when it starts: the rows that `ovs-vsctl add-br`,
 * `add-port` and `add-bond` make, in one transaction, as the first configuration. Source: RFC 7047 5.2.1.
 */
export function bridgeInserts({ datapath = 'netdev', columns, ports, config }: Bridge): readonly Operation[] {
  const operations: Operation[] = [];
  const insert = inserting(operations);
  const own: BridgePort = { name: BRIDGE, interfaces: [{ name: BRIDGE, columns: { type: 'internal' } }] };
  const made = [own, ...ports].map((port) => insertPort(insert, port));
  const bridge = insert('Bridge', { ...columns, name: BRIDGE, datapath_type: datapath, ports: ['set', made] });
  insert('Open_vSwitch', {
    bridges: bridge,
    next_cfg: 1,
    ...(config === undefined ? {} : { other_config: map(config) }),
  });
  return operations;
}
