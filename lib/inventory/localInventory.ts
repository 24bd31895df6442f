import { runProgram } from '../runProgram.js';
import { inventoryCommands, takeInventory, type Said } from './inventory.js';

/** Each only reads; one that hangs must not hold up a run, ms. */
const ASK_MS = 10_000;

/** Of the machine that labs are made on, where these are our own. */
export function localInventory(): Promise<readonly Said[]> {
  return takeInventory('this machine', inventoryCommands([]), ([file = '', ...args]) =>
    runProgram(file, args, { timeout: ASK_MS, env: { ...process.env, LC_ALL: 'C' } }),
  );
}
