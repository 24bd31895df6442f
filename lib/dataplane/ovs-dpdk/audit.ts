import type { AuditFact } from '../../evidence/types.js';
import type { Row } from '../../ovs/ask.js';
import { valueIn } from '../../ovs/cells.js';
import { devargs } from './engine.js';

/** Columns that `legFacts` looks at, in the table Interface. */
export const LEG_COLUMNS = ['name', 'type', 'options', 'status', 'error'] as const;

/**
 * P15: each leg is a port of DPDK, on its interface, and works.
 * @param rows of the table Interface, with `LEG_COLUMNS`
 */
export function legFacts(rows: readonly Row[], hostPorts: readonly string[]): readonly AuditFact[] {
  return hostPorts.map((name, index) => {
    const row = rows.find((one) => one['name'] === name);
    const driver = valueIn(row?.['status'], 'driver_name');
    const wrong =
      row === undefined
        ? ['it is no port of the switch']
        : [
            ...(row['type'] === 'dpdk' ? [] : [`its type is ${JSON.stringify(row['type'])}`]),
            ...(valueIn(row['options'], 'dpdk-devargs') === devargs(name, index) ? [] : ['it is on another device']),
            ...(typeof row['error'] === 'string' ? [row['error']] : []),
            ...(driver === null ? ['it has no driver'] : []),
          ];
    return {
      name: `leg ${name}`,
      ok: wrong.length === 0,
      value: wrong.length === 0 ? `a port of DPDK, driver ${driver ?? ''}` : wrong.join(', '),
      command: `ovs-vsctl --columns=${LEG_COLUMNS.join(',')} list interface ${name}`,
    };
  });
}
