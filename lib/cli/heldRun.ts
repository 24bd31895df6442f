import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../evidence/json.js';
import { testbedNamed } from '../registries.js';
import { INVENTORY_FILE, type InventoryRecord, type Said } from '../inventory/inventory.js';
import { localInventory } from '../inventory/localInventory.js';
import { MACHINES_FILE, type MachinesRecord } from '../run/machinesRecord.js';
import type { RunPlan } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import type { Workspace } from '../run/workspace.js';
import type { Hold } from '../testbed/hold.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';

/** What a run may do under a hold. */
export interface HeldRun {
  /** For `HOLD_VARIABLE` of the runner; undefined where nothing is held. */
  readonly pass: string | undefined;
  /** To be called when the folder of the run is there. */
  begun(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const tell = (when: string, repaired: readonly string[]): void => {
  for (const what of repaired) process.stderr.write(`${when}: ${what}\n`);
};

async function endHold(hold: Hold): Promise<Omit<MachinesRecord, 'status'>> {
  try {
    const { repaired, differs } = await hold.end();
    return { repaired, differs, error: null };
  } catch (error) {
    return { repaired: [], differs: [], error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Asks the machines of a run what they are before it and after it, and keeps what they said with its evidence. Where they
 * cannot be asked after it, that is what is kept: it speaks against a qualification, and not against the run.
 */
async function withInventory<T>(
  plan: RunPlan,
  held: HeldRun,
  ask: () => Promise<readonly Said[]>,
  work: (held: HeldRun) => Promise<T>,
): Promise<T> {
  const before = [...(await ask())];
  const file = join(plan.runFolder, EVIDENCE_FOLDER, INVENTORY_FILE);
  const write = (after: InventoryRecord['parts'][number]['after']): void => {
    const record: InventoryRecord = { parts: [{ before, after }] };
    writeFileSync(file, stableJson(record));
  };
  const result = await work({
    ...held,
    begun() {
      held.begun();
      write(null);
    },
  });
  if (existsSync(file)) {
    const after = await ask().catch(() => null);
    write(after === null ? null : [...after]);
  }
  return result;
}

/**
 * Has a run use machines that others use, too: they are taken before it, and given back after it, whatever became of it;
 * how they were left is kept with its evidence. A person who interrupts it waits for that. Throws where they cannot be
 * had; nothing was run then.
 */
export async function underHold<T>(
  { registries }: Workspace,
  plan: RunPlan,
  work: (held: HeldRun) => Promise<T>,
): Promise<T> {
  const kind = testbedNamed(plan.testbed, registries);
  if (kind.hold === undefined)
    return withInventory(plan, { pass: undefined, begun: () => undefined }, localInventory, work);
  const interruption = new AbortController();
  const keep = (): void => {
    interruption.abort();
    process.stderr.write('giving the machines back\n');
  };
  for (const signal of SIGNALS) process.on(signal, keep);
  try {
    const hold = await kind.hold({ binding: plan.bindingFile ?? null, run: `run ${plan.run}` });
    tell('undone before the run', hold.repaired);
    let hasFolder = false;
    const write = (record: MachinesRecord): void => {
      if (hasFolder) writeFileSync(join(plan.runFolder, EVIDENCE_FOLDER, MACHINES_FILE), stableJson(record));
    };
    try {
      if (interruption.signal.aborted)
        throw new UserError('interrupted before any scenario ran', null, EXIT.interrupted);
      const held: HeldRun = {
        pass: hold.pass,
        begun() {
          hasFolder = true;
          write({ status: 'held', repaired: hold.repaired, differs: [], error: null });
        },
      };
      const ask = hold.inventory?.bind(hold);
      return await (ask === undefined ? work(held) : withInventory(plan, held, ask, work));
    } finally {
      const ended = await endHold(hold);
      tell('undone after the run', ended.repaired);
      write({ status: 'given back', ...ended, repaired: [...hold.repaired, ...ended.repaired] });
      const wrong = [...ended.differs, ...(ended.error === null ? [] : [ended.error])];
      for (const what of wrong) process.stderr.write(`not as it was: ${what}\n`);
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, keep);
  }
}
