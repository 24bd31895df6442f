import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What was asked of the lists of a mirror, and answered. apt needs seconds for each answer. */
export interface Answers {
  /** @param ask where it was not asked since the lists were read */
  of<T extends string | null | readonly string[]>(question: string, ask: () => Promise<T>): Promise<T>;
}

interface Kept {
  readonly read: number;
  readonly answers: Readonly<Record<string, string | null | readonly string[]>>;
}

/**
 * @param folder where answers are kept
 * @param read when the lists were read, ms since the epoch: older answers are of other lists
 */
export function keptAnswers(folder: string, read: number): Answers {
  const file = join(folder, 'answers.json');
  const load = (): Kept => {
    try {
      const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
      if (kept.read === read) return kept;
    } catch {
      // There is none yet, or it is of no use: it is written anew.
    }
    return { read, answers: {} };
  };
  return {
    async of(question, ask) {
      const known = load().answers[question];
      if (known !== undefined) return known as Awaited<ReturnType<typeof ask>>;
      const answer = await ask();
      // Whole or not at all, also beside another process; what that one has asked meanwhile is asked again at worst.
      const written = `${file}.${process.pid}`;
      writeFileSync(written, JSON.stringify({ read, answers: { ...load().answers, [question]: answer } }));
      renameSync(written, file);
      return answer;
    },
  };
}
