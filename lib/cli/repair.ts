import type { Command } from '@commander-js/extra-typings';
import { ourselves } from '../lease/holder.js';
import { openKeeper } from '../lease/keeper.js';
import { continueLease, takeLease } from '../lease/lease.js';
import { stateFolder } from '../lease/stateFolder.js';
import { readToken } from '../lease/tokenFile.js';
import type { LeaseKeeper } from '../lease/types.js';
import { clearByHand } from '../repair/clear.js';
import { repair, type RepairOptions, type RepairReport } from '../repair/repair.js';
import { connect } from '../ssh/connect.js';
import { resolveMachine } from '../ssh/resolve.js';
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
      await using opened = await openKeeper(bound, targets);
      const { lease, isOurs } = await leaseFor(opened.keeper, folder);
      const options: RepairOptions = {
        binding,
        folder,
        lease,
        connectTo: async (machine) => {
          const target = targets.get(machine);
          if (target === undefined) throw new Error(`a binding without machine ${machine}`);
          return connect(await resolveMachine(target));
        },
      };
      try {
        const report = clear === true ? await cleared(options) : await repair(options);
        await (json === true
          ? printJson({ binding: binding.binding, ...report })
          : print(describeReport(binding.binding, report)));
        if (!report.well) process.exitCode = EXIT.infrastructure;
      } finally {
        if (!isOurs) await lease.give();
      }
    });
}

/** The lease that this user has taken by hand, which stays taken, or one for this command. */
async function leaseFor(keeper: LeaseKeeper, folder: string) {
  const kept = readToken(folder);
  const ours = kept === null ? null : await continueLease(keeper, kept.token, kept.holder);
  return ours === null
    ? { lease: await takeLease(keeper, ourselves('repair')), isOurs: false }
    : { lease: ours, isOurs: true };
}

async function cleared(options: RepairOptions): Promise<RepairReport> {
  const left = await clearByHand(options);
  return { machines: [], left, well: left.length === 0 };
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
