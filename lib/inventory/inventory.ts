import { z } from 'zod';
import { shellCommand } from '../shellQuote.js';
import { UserError } from '../userError.js';

const saidSchema = z.strictObject({
  machine: z.string(),
  /** As it can be pasted into a shell. */
  command: z.string(),
  /** null where it did not end by itself. */
  code: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
});

/** What one command said on one machine, to the letter. */
export type Said = z.output<typeof saidSchema>;

const schema = z.strictObject({
  parts: z.array(
    z.strictObject({
      before: z.array(saidSchema),
      /** null until they were asked again: of a run that was killed it stays. */
      after: z.array(saidSchema).nullable(),
    }),
  ),
});

/** What the machines of a run were, before and after it: one part for each shard. `inventory.json` beside the experiments. */
export type InventoryRecord = z.output<typeof schema>;

export const INVENTORY_FILE = 'inventory.json';

/** Reads the text of an inventory. Throws UserError where it is none. */
export function readInventory(text: string): InventoryRecord {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${INVENTORY_FILE} is no inventory that a run writes`);
  }
}

/**
 * What a machine is asked. All of it is only read, and none of it may change while a run tests it: what links and offloads
 * are switched to is left out, as a bond or a switch changes it.
 */
const OF_MACHINE: readonly (readonly string[])[] = [
  ['uname', '-a'],
  ['cat', '/etc/os-release'],
  ['cat', '/proc/cmdline'],
  // 0, or why this kernel is not as it was released; a warning or an oops changes it.
  ['cat', '/proc/sys/kernel/tainted'],
  // What dmidecode(8) reads, for which it needs root.
  ...['sys_vendor', 'product_name', 'bios_version'].map((name) => ['cat', `/sys/class/dmi/id/${name}`]),
  ['ovs-vswitchd', '--version'],
  ['devlink', 'dev', 'info'],
];

/** @param ports whose drivers and firmware count */
export function inventoryCommands(ports: readonly string[]): readonly (readonly string[])[] {
  return [...OF_MACHINE, ...ports.map((port) => ['ethtool', '-i', port])];
}

/**
 * Asks one machine.
 * @param run runs one command there to its end, and does not reject where the command fails
 */
export async function takeInventory(
  machine: string,
  commands: readonly (readonly string[])[],
  run: (argv: readonly string[]) => Promise<Omit<Said, 'machine' | 'command'>>,
): Promise<readonly Said[]> {
  const all: Said[] = [];
  // One after another: a server may not let many in at once.
  for (const argv of commands) {
    const { code, stdout, stderr } = await run(argv);
    all.push({ machine, command: shellCommand(argv), code, stdout, stderr });
  }
  return all;
}

function firstDifference(before: Said, after: Said): string {
  if (before.code !== after.code) return `ended with ${before.code}, ends with ${after.code}`;
  const [was, is] = [before, after].map(({ stdout, stderr }) => `${stdout}${stderr}`.split('\n'));
  const at = was?.findIndex((line, i) => line !== is?.[i]) ?? -1;
  const shown = (line = ''): string => JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}...` : line);
  return at < 0 ? 'says more' : `said ${shown(was?.[at])}, says ${shown(is?.[at])}`;
}

/** Why what was seen on these machines is no qualification of what the inventory says; sentences. */
export function reasonsInInventory(record: InventoryRecord | null): readonly string[] {
  if (record === null || record.parts.length === 0 || record.parts.some(({ before }) => before.length === 0))
    return ['what its machines are was not asked before it and after it'];
  return record.parts.flatMap(({ before, after }) => {
    if (after === null) return ['what its machines are was not asked again after it'];
    const key = ({ machine, command }: Said): string => `${machine}: ${command}`;
    const now = new Map(after.map((said) => [key(said), said]));
    const differs = before.flatMap((said) => {
      const again = now.get(key(said));
      if (again === undefined) return [`${key(said)}: it was not asked again`];
      return said.code === again.code && said.stdout === again.stdout && said.stderr === again.stderr
        ? []
        : [`${key(said)}: it ${firstDifference(said, again)}`];
    });
    const asked = new Set(before.map(key));
    const more = after.filter((said) => !asked.has(key(said))).map((said) => `${key(said)}: it was not asked before`);
    return [...differs, ...more].map((what) => `a machine is not what it was before the run: ${what}`);
  });
}
