import { begin } from './early.js';

const args = process.argv.slice(2);
begin(args);
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(args);
