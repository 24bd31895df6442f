import { z } from 'zod';

const id = z.string().regex(/^[0-9a-f]{16}$/);
const time = z.string().max(40);
const word = z.string().regex(/^[^\0\n]{1,1024}$/);
const argv = z.array(word).min(1).max(64);

const begin = z.strictObject({
  v: z.literal(1),
  begin: id,
  at: time,
  run: z.string().max(200),
  machine: z.string().min(1).max(64),
  what: z.string().max(300),
  /** Commands for that machine, in this order. A lab has one for each of its nodes and ports. */
  undo: z.array(argv).min(1).max(512),
  /** The folder of the guard that undoes it there, if there is one. */
  guard: z.string().max(200).nullable(),
});
const end = z.strictObject({ v: z.literal(1), end: id, at: time, how: z.enum(['undone', 'repaired', 'by hand']) });
const lineSchema = z.union([begin, end]);

/** A change that was about to be made on a machine. */
export type JournalEntry = z.output<typeof begin>;
export type JournalEnd = z.output<typeof end>;

/** A line that nobody can have written whole and unharmed. */
export interface DamagedLine {
  readonly line: number;
  readonly why: string;
}

export interface JournalState {
  /** Those whose undo was not witnessed, the first first. */
  readonly open: readonly JournalEntry[];
  readonly closed: readonly JournalEntry[];
  readonly damaged: readonly DamagedLine[];
  /** Bytes of whole lines. What follows was being written when we were killed: the change was not made yet. */
  readonly wholeBytes: number;
}

const LINE_MAX = 65_536;

/** Reads a journal, whatever its bytes are. Never throws. */
export function parseJournal(bytes: Uint8Array): JournalState {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = new TextDecoder().decode(bytes.subarray(0, wholeBytes)).split('\n').slice(0, -1);
  const entries = new Map<string, JournalEntry>();
  const ended = new Set<string>();
  const damaged: DamagedLine[] = [];
  lines.forEach((text, index) => {
    const bad = (why: string) => void damaged.push({ line: index + 1, why });
    const value = text.length > LINE_MAX ? undefined : parseJson(text);
    const { data } = lineSchema.safeParse(value);
    if (data === undefined) bad('it is no line of a journal');
    else if ('begin' in data) {
      if (entries.has(data.begin)) bad('a second beginning of the same change');
      else entries.set(data.begin, data);
    } else if (entries.has(data.end)) ended.add(data.end);
    else bad('the end of a change that has not begun');
  });
  const all = [...entries.values()];
  return {
    open: all.filter((entry) => !ended.has(entry.begin)),
    closed: all.filter((entry) => ended.has(entry.begin)),
    damaged,
    wholeBytes,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
