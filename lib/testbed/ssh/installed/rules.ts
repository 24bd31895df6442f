import type { LabRecords } from '../records.js';
import { SshError } from '../../../ssh/error.js';
import type { Verb, VerbCommand } from '../guarded.js';
import { guarded } from '../guarded.js';
import type { FarMachine } from '../machine.js';
import type { WireRule } from '../../port.js';
import { watchArrivals, type Arrivals } from './arrivals.js';

/** One direction of a leg: who sends, and who would get it. */
export interface Way {
  readonly from: { readonly machine: FarMachine; readonly port: string };
  readonly to: { readonly machine: FarMachine; readonly port: string };
  /** Sends a frame that only serves to be counted; null where the sender's machine can send nothing. */
  readonly speak: (() => Promise<unknown>) | null;
}

/** Rules of a table come after nobody's: other tables see what they always saw (nft(8), priorities). */
const LAST = 1_000;

/** The names of tables have only small letters, digits and `_`: see allowed.ts. */
export const tableOf = (verb: string, leg: number): string => `everyleaf_${verb.toLowerCase()}${leg}`;

/** What the rule has counted: frames that it saw, and those that it dropped. */
export function countsIn(listed: string): { readonly all: number; readonly dropped: number } | null {
  const [, all] = /^\s*counter packets (\d+) bytes \d+$/m.exec(listed) ?? [];
  const [, dropped] = /counter packets (\d+) bytes \d+ drop$/m.exec(listed) ?? [];
  return all === undefined || dropped === undefined ? null : { all: Number(all), dropped: Number(dropped) };
}

const list = (table: string): readonly string[] => ['nft', 'list', 'table', 'netdev', table];

/** The frames that a port sends are dropped by a table of our own, which counts them. */
export function ruleVerb(machine: string, port: string, table: string, statement: string): Verb {
  const text = [
    `table netdev ${table} {`,
    ` chain c {`,
    `  type filter hook egress device "${port}" priority ${LAST};`,
    '  counter',
    `  ${statement.replace(/drop$/, 'counter drop')}`,
    ' }',
    '}\n',
  ].join('\n');
  const tried = text.replace(table, `${table}_tried`).replace(`"${port}"`, '"lo"');
  return {
    machine,
    async before(command) {
      const listed = await command(['nft', 'list', 'tables', 'netdev']);
      if (listed.split('\n').includes(`table netdev ${table}`))
        throw new SshError(machine, `it has the table ${table} already`, 'everyleaf repair BINDING');
      // Not checked but tried, where it disturbs nobody: nft --check takes hooks that the kernel refuses.
      await command(['nft', '-f', '-'], `${tried}delete table netdev ${table}_tried\n`);
    },
    breaks: { argv: ['nft', '-f', '-'], input: text },
    // Adding what is there does nothing, so that what is deleted is there (nft(8), "add").
    mends: { argv: ['nft', '-f', '-'], input: `add table netdev ${table}\ndelete table netdev ${table}\n` },
    journaled: ['nft', 'delete', 'table', 'netdev', table],
    witness: ['sh', '-c', '! nft list table netdev "$1" >/dev/null 2>&1', 'everyleaf', table],
    async seen(command) {
      const listed = await command(list(table));
      if (countsIn(listed) === null || !listed.includes(`"${port}"`))
        throw new SshError(machine, `it was told to drop frames at ${port}, and says: ${listed.trim()}`);
    },
  };
}

/** A rule on one machine, which both ends must witness. */
export interface WireVerb {
  readonly make: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

export function wireVerb(rule: WireRule, way: Way, table: string, name: string, records: LabRecords): WireVerb {
  const { from, to, speak } = way;
  const verb = ruleVerb(from.machine.name, from.port, table, rule.statement);
  let read: VerbCommand | null = null;
  const held = guarded(
    from.machine.connection,
    { ...verb, seen: (command) => ((read = command), verb.seen(command)) },
    name,
    records,
  );
  const counts = async () => countsIn((await read?.(list(table))) ?? '') ?? { all: 0, dropped: 0 };
  const watching = async <T>(use: (arrivals: Arrivals) => Promise<T>): Promise<T> => {
    await records.lease.step();
    const arrivals = await watchArrivals(to.machine, to.port, rule.verb, speak);
    try {
      return await use(arrivals);
    } finally {
      await arrivals.stop();
    }
  };
  return {
    make: () =>
      watching(async (arrivals) => {
        await arrivals.comes('before anything is lost');
        await held.make();
        await (rule.isWhole ? arrivals.stopped(counts) : arrivals.thinned(counts));
      }),
    mend: () => held.mend(() => watching((arrivals) => arrivals.comes('when nothing is lost any more'))),
  };
}
