import { Argument, type Command } from '@commander-js/extra-typings';
import { LeaseError } from '../lease/error.js';
import { describeState, ourselves } from '../lease/holder.js';
import { openKeeper } from '../lease/keeper.js';
import { takeLease } from '../lease/lease.js';
import { stateFolder } from '../lease/stateFolder.js';
import { readToken, removeToken, writeToken } from '../lease/tokenFile.js';
import type { LeaseKeeper, LeaseState } from '../lease/types.js';
import { openConnections } from '../ssh/connections.js';
import { UserError } from '../userError.js';
import { boundMachines } from './boundMachines.js';
import { EXIT } from './exitCodes.js';
import { print, printJson } from './terminal.js';

const OPERATIONS = ['take', 'renew', 'give', 'show'] as const;

/** Adds `lease take|renew|give|show BINDING`: who may touch the machines of a binding. */
export function registerLease(program: Command): void {
  program
    .command('lease')
    .description('take, renew, give back or show the lease of a binding: the right to touch its machines')
    .addArgument(new Argument('<operation>', 'what to do').choices(OPERATIONS))
    .argument('<binding>', 'binding file, for instance topologies/bindings/two-linux-leaves.yaml')
    .option('--json', 'print one JSON object')
    .action(async (operation, file, { json }) => {
      const { bound, targets } = await boundMachines(file);
      const folder = stateFolder(bound.binding.binding);
      await using connections = openConnections(targets);
      await using opened = await openKeeper(bound, (machine) => connections.to(machine));
      const state = await carryOut(operation, opened.keeper, folder);
      const { binding } = opened.keeper;
      await (json === true
        ? printJson({ binding, ...state })
        : print(`the lease of ${binding} is ${describeState(state)}`));
    });
}

async function carryOut(
  operation: (typeof OPERATIONS)[number],
  keeper: LeaseKeeper,
  folder: string,
): Promise<LeaseState> {
  switch (operation) {
    case 'show':
      return keeper.show();
    case 'take': {
      const { token, holder } = await takeLease(keeper, ourselves('work by hand'));
      writeToken(folder, { token, holder });
      return { is: 'held', secondsLeft: keeper.seconds, holder, said: null };
    }
    case 'renew':
    case 'give': {
      const kept = readToken(folder);
      if (kept === null)
        throw new UserError(
          `this user has not taken the lease of ${keeper.binding} by hand`,
          'everyleaf lease take FILE takes it; everyleaf lease show FILE says who holds it',
          EXIT.infrastructure,
        );
      const { done, state } = await keeper.ask(operation, kept.token, kept.holder);
      if (operation === 'give' || !done) removeToken(folder);
      if (!done)
        throw new LeaseError(keeper.binding, operation === 'give' ? 'is not yours to give' : 'was lost', state);
      return state;
    }
  }
}
