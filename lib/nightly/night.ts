import { z } from 'zod';
import type { Verdict } from '../judge/types.js';

/** What one test of a run came to. */
export interface NightTest {
  readonly verdict: Verdict;
  readonly ms: number;
  /** What was found where it is not a pass, `P1.missing@leaf-b:na-solicited`; sorted, each once. */
  readonly signatures: readonly string[];
  /** What its captures could not carry, `P4@leaf-b`; sorted. */
  readonly notJudged: readonly string[];
}

/** One run of a history: one line of its file. */
export interface Night {
  /** Name of the run. */
  readonly run: string;
  /** When it began, ISO 8601 in UTC. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** Digest of what it was asked for. Only runs that were asked for the same can tell that a test is missing. */
  readonly plan: string;
  /** What it depended on: `commit`, `kernel`, and so on. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By the names that JUnit has for them, too. */
  readonly tests: Readonly<Record<string, NightTest>>;
  /** Digest of the evidence folder. */
  readonly evidence: string;
}

/** Why a line cannot be read that a crash may have cut off. */
export const NOT_JSON = 'it is not JSON';

/** The schema of a line. A reader that knows it refuses every other. */
export const NIGHT_SCHEMA = 1;

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'blocked', 'skipped']);
const texts = z.array(z.string());

/** Short, for there are some hundred tests in each line: verdict, ms, signatures, what was not judged. */
const test = z.union([
  z.tuple([verdict, z.number()]),
  z.tuple([verdict, z.number(), texts]),
  z.tuple([verdict, z.number(), texts, texts]),
]);

const line = z.object({
  v: z.literal(NIGHT_SCHEMA),
  run: z.string().min(1),
  at: z.iso.datetime(),
  verdict,
  sentence: z.string(),
  plan: z.string(),
  inputs: z.record(z.string(), z.string()),
  tests: z.record(z.string(), test),
  evidence: z.string(),
});

function testLine({ verdict: said, ms, signatures, notJudged }: NightTest): z.infer<typeof test> {
  if (notJudged.length > 0) return [said, ms, [...signatures], [...notJudged]];
  return signatures.length > 0 ? [said, ms, [...signatures]] : [said, ms];
}

/** A night as one line, with its line feed. */
export function nightLine(night: Night): string {
  const tests = Object.fromEntries(Object.entries(night.tests).map(([name, one]) => [name, testLine(one)]));
  return `${JSON.stringify({ v: NIGHT_SCHEMA, ...night, tests })}\n`;
}

/** Reads one line; a text says why it cannot be read, and follows the place of the line. */
export function parseNight(text: string): Night | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'v') : undefined;
  if (version !== NIGHT_SCHEMA)
    return version === undefined
      ? 'it has no schema number "v"'
      : `it has schema ${JSON.stringify(version)}; this everyleaf reads ${NIGHT_SCHEMA}`;
  const read = line.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not a night'}`;
  }
  const { run, at, verdict: said, sentence, plan, inputs, tests, evidence } = read.data;
  return {
    run,
    at,
    verdict: said,
    sentence,
    plan,
    inputs,
    evidence,
    tests: Object.fromEntries(
      Object.entries(tests).map(([name, [one, ms, signatures = [], notJudged = []]]): [string, NightTest] => [
        name,
        { verdict: one, ms, signatures, notJudged },
      ]),
    ),
  };
}
