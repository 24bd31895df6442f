import type { Binding } from '../../../binding/schema.js';
import { spareAddresses } from '../../../repair/spareAddress.js';
import { LONGEST_CHANGE_MS, type Change } from '../../change.js';
import type { Asker } from '../../lab.js';
import type { FarMachine } from '../machine.js';
import type { LabRecords } from '../records.js';
import type { Machines } from './bind.js';
import { lendAddresses } from './lend.js';

/** How each leaf asks whoever is behind its legs. A leaf without a gateway has no address to ask from. */
export function askersOf(binding: Binding, machines: Machines, records: LabRecords): ReadonlyMap<string, Asker> {
  return new Map(
    Object.entries(binding.leaves).flatMap(([leaf, { machine: name, gateway }]) => {
      const machine = machines.get(name);
      if (machine === undefined || gateway === undefined) return [];
      const spare = spareAddresses(binding).filter((one) => one.leaf === leaf);
      const lend = spare.length === 0 ? null : lending(leaf, machine, spare, records);
      return [[leaf, { port: gateway.interface, spare: spare.map(({ address }) => address), lend }] as const];
    }),
  );
}

function lending(
  leaf: string,
  machine: FarMachine,
  spare: ReturnType<typeof spareAddresses>,
  records: LabRecords,
): Change {
  const name = `${leaf}: its spare addresses are on its gateway port`;
  const loan = lendAddresses(machine, spare, name, records);
  return {
    name,
    steps: [{ what: 'spare addresses to be there', run: () => loan.lend() }],
    undo: [{ what: 'spare addresses to be gone', run: () => loan.takeBack() }],
    maxMs: LONGEST_CHANGE_MS,
  };
}
