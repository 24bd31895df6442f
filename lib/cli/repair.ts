import type { Command } from '@commander-js/extra-typings';
import { holdLease } from '../lease/holdLease.js';
import { openKeeper } from '../lease/keeper.js';
import type { RunRecord } from '../lease/runRecord.js';
import { stateFolder } from '../lease/stateFolder.js';
import { clearByHand } from '../repair/clear.js';
import { repair, type RepairOptions, type RepairReport } from '../repair/repair.js';
import { openConnections } from '../ssh/connections.js';
import { boundMachines } from './boundMachines.js';
import { EXIT } from './exitCodes.js';
import { print, printJson } from './terminal.js';

/** Adds `repair BINDING`: undoes what runs that ended badly left on real machines. */
export function registerRepair(program: Command): void {
  program
    .command('repair')
    .description('undo what a run that ended badly left on the machines of a binding, and say what was done')
    .argument('<binding>', 'binding file, for instance topologies/bindings/two-linux-leaves.yaml')
    .option('--clear', 'you have looked at the machines, and put right what repair could not: forget it')
    .option('--json', 'print one JSON object')
    .action(async (file, { clear, json }) => {
      const { bound, targets } = await boundMachines(file);
      const { binding } = bound;
      const folder = stateFolder(binding.binding);
      await using connections = openConnections(targets);
      const connectTo = (machine: string) => connections.to(machine);
      await using opened = await openKeeper(bound, connectTo);
      const { lease, isByHand, tookOver } = await holdLease(opened.keeper, folder, 'repair', true);
      const options: RepairOptions = { binding, folder, lease, connectTo, hasJustDied: tookOver !== null };
      if (tookOver !== null && json !== true) await print(sayTakeover(binding.binding, tookOver));
      try {
        const report = clear === true ? await cleared(options) : await repair(options);
        await (json === true
          ? printJson({ binding: binding.binding, ...report })
          : print(describeReport(binding.binding, report)));
        if (!report.well) process.exitCode = EXIT.infrastructure;
      } finally {
        if (!isByHand) await lease.give();
      }
    });
}

async function cleared(options: RepairOptions): Promise<RepairReport> {
  const left = await clearByHand(options);
  return { machines: [], left, well: left.length === 0 };
}

function sayTakeover(binding: string, { holder, processes }: RunRecord): string {
  const pids = processes.map(({ pid }) => pid).join(', ');
  return `the lease of ${binding} was that of ${holder.run}, since ${holder.since}, which is dead (process ${pids} of this machine): taken over`;
}

function describeReport(binding: string, { machines, left, well }: RepairReport): string {
  const lines = machines.flatMap(({ machine, did, left: still }) =>
    did.length + still.length === 0
      ? [`${machine}: nothing to repair`]
      : [...did.map((what) => `${machine}: ${what}`), ...still.map((what) => `${machine}: LEFT: ${what}`)],
  );
  const verdict = well
    ? `${binding} is well`
    : `${binding} is not well: put right what is left, then: everyleaf repair --clear BINDING`;
  return [...lines, ...left.map((what) => `LEFT: ${what}`), verdict].join('\n');
}
