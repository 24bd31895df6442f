import type { Nanoseconds } from '../evidence/types.js';
import type { Applied, Change, CommandStep, Edge, Step } from './change.js';
import { TestbedError } from './error.js';

/** What a testbed provides, so that changes can be made in its labs. */
export interface ChangeMeans {
  readonly now: () => Promise<Nanoseconds>;
  /** Runs a command on its node. Throws where it fails, unless it may. */
  readonly run: (step: CommandStep) => Promise<unknown>;
  /**
   * Hands the undo to something that outlives us; called before the first step. The returned function takes it back,
   * when the change is undone. Absent where the kernel ends the lab together with us.
   */
  readonly hold?: (change: Change) => Promise<() => Promise<void>>;
}

/** The changes of one lab. */
export interface Changes {
  apply(change: Change): Promise<Applied>;
  /**
   * Undoes what is in force, the last first. One that cannot be undone does not keep the others; then throws
   * TestbedError.
   */
  undoAll(): Promise<void>;
  /** Names of changes in force, in order. */
  inForce(): readonly string[];
}

interface Open {
  readonly change: Change;
  release: () => Promise<void>;
  undone: Promise<Edge> | null;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createChanges({ now, run, hold }: ChangeMeans): Changes {
  const open: Open[] = [];
  const take = (step: Step): Promise<unknown> => ('argv' in step ? run(step) : step.run());

  async function takeBack(one: Open): Promise<Edge> {
    const fromNs = await now();
    const failures: string[] = [];
    for (const step of one.change.undo) {
      try {
        await take(step);
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
    if (failures.length > 0) throw new TestbedError(`"${one.change.name}" could not be undone: ${failures.join('; ')}`);
    await one.release();
    open.splice(open.indexOf(one), 1);
    return { fromNs, toNs: await now() };
  }

  /** An undo that failed is tried again when it is called again. */
  function undo(one: Open): Promise<Edge> {
    one.undone ??= takeBack(one).catch((error: unknown) => {
      one.undone = null;
      throw error;
    });
    return one.undone;
  }

  return {
    inForce: () => open.map(({ change }) => change.name),
    async apply(change) {
      const one: Open = { change, release: () => Promise.resolve(), undone: null };
      if (hold !== undefined) one.release = await hold(change);
      open.push(one);
      const fromNs = await now();
      try {
        for (const step of change.steps) await take(step);
      } catch (error) {
        await undo(one).catch((second: unknown) => {
          throw new TestbedError(`${messageOf(error)}; and then ${messageOf(second)}`, { cause: error });
        });
        throw error;
      }
      return {
        change,
        edge: { fromNs, toNs: await now() },
        undo: () => undo(one),
        async [Symbol.asyncDispose]() {
          await undo(one);
        },
      };
    },
    async undoAll() {
      const failures: string[] = [];
      for (const one of [...open].reverse()) await undo(one).catch((error: unknown) => failures.push(messageOf(error)));
      if (failures.length > 0) throw new TestbedError(failures.join('; '));
    },
  };
}
