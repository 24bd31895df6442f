import type { z } from 'zod';
import type { Problem, ProblemKind } from './problem.js';
import type { Path, Source } from './source.js';
import { nearest, suggest } from './suggest.js';

type Issue = z.core.$ZodIssue;

/** What is derived where it is left out; other files say all. */
const TOPOLOGY = 'the topology';

/** Reports what the schema found, for a person, with the place in the text. */
export function shapeProblems(
  issues: readonly Issue[],
  source: Source,
  keysAt: (path: Path) => readonly string[],
  whole = TOPOLOGY,
): Problem[] {
  // A misspelt key is also missing under its right name; it is one mistake.
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => describe([...issue.path, nearest(key, keysAt(issue.path)) ?? '']))
        : [],
    ),
  );
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        kind: 'unknown-key',
        ...source.placeOfKey([...issue.path, key]),
        text: `unknown key "${key}"${inside(issue.path)}`,
        hint: suggest(key, keysAt(issue.path)),
      }));
    }
    const value = valueAt(source.value, issue.path);
    if (value === undefined && issue.code !== 'too_small') {
      if (meant.has(describe(issue.path))) return [];
      const key = String(issue.path.at(-1));
      return [
        {
          kind: 'missing-key',
          ...source.placeOf(issue.path.slice(0, -1)),
          text: `"${key}" is missing${inside(issue.path.slice(0, -1))}`,
          hint: `add ${key}: ${wanted(issue)}`,
        },
      ];
    }
    const { kind, text, hint } = say(issue, value, whole);
    return [{ kind, ...source.placeOf(issue.path), text, hint }];
  });
}

function say(
  issue: Issue,
  value: unknown,
  whole: string,
): { readonly kind: ProblemKind; readonly text: string; readonly hint: string } {
  const what = describe(issue.path, whole);
  switch (issue.code) {
    case 'invalid_type': {
      // A number in place of a text is nearly always a name that YAML took for a number.
      const unquoted = issue.expected === 'string' && typeof value !== 'object';
      const quoted = issue.expected === 'number' && typeof value === 'string' && /^\d+$/.test(value);
      const hint = unquoted ? 'put it in quotes' : quoted ? 'remove the quotes' : `write ${wanted(issue)}`;
      return { kind: 'wrong-type', text: `${what} is ${typeName(value)}, not ${wanted(issue)}`, hint };
    }
    case 'invalid_value':
      return {
        kind: 'wrong-value',
        text: `${what} cannot be ${JSON.stringify(value)}`,
        hint: suggest(String(value), issue.values.map(String)),
      };
    case 'invalid_format':
      return {
        kind: 'wrong-value',
        text: `${what} is ${quote(value)}, which is not ${issue.message}`,
        hint:
          issue.path.at(-1) === 'description'
            ? 'remove line breaks and control characters'
            : whole === TOPOLOGY
              ? 'correct it, or leave it out to have it derived'
              : 'correct it',
      };
    case 'too_small':
      if (issue.origin === 'array')
        return {
          kind: 'too-few',
          text: `${what} has fewer than ${issue.minimum} ${Number(issue.minimum) === 1 ? 'entry' : 'entries'}`,
          hint: FEW_HINTS[String(issue.path.at(-1))] ?? 'add to it',
        };
      if (issue.origin === 'string')
        return { kind: 'wrong-value', text: `${what} is an empty text`, hint: 'say something' };
      return {
        kind: 'wrong-value',
        text: `${what} is ${quote(value)}, below ${issue.minimum}`,
        hint: RANGE_HINTS[String(issue.path.at(-1))] ?? 'take a greater number',
      };
    case 'too_big':
      if (issue.origin === 'array')
        return { kind: 'too-many', text: `${what} has more than ${issue.maximum} entries`, hint: 'remove some' };
      if (issue.origin === 'string')
        return { kind: 'wrong-value', text: `${what} has more than ${issue.maximum} characters`, hint: 'shorten it' };
      return {
        kind: 'wrong-value',
        text: `${what} is ${quote(value)}, above ${issue.maximum}`,
        hint: RANGE_HINTS[String(issue.path.at(-1))] ?? 'take a smaller number',
      };
    default:
      return { kind: 'wrong-value', text: `${what} is not valid: ${issue.message}`, hint: 'correct it' };
  }
}

const FEW_HINTS: Readonly<Record<string, string>> = {
  leaves: 'copies can only be compared between two leaves or more',
  legs: 'give each leaf its leg',
  vms: 'two VMs whose MACs differ in the last bit are needed to see both sides of a hash',
};

const RANGE_HINTS: Readonly<Record<string, string>> = {
  vlan: 'a VLAN ID is 1 to 4094; leave vlan out for the native network',
  queues: 'an interface of a lab has 1 to 64 queues; leave queues out for one',
  key: 'an LACP key is 1 to 65535',
};

/** `networks[1].vlan` */
export function describe(path: Path, whole = TOPOLOGY): string {
  if (path.length === 0) return whole;
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

const inside = (path: Path): string => (path.length === 0 ? '' : ` in ${describe(path)}`);

function wanted(issue: Issue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' | ');
  if (issue.code !== 'invalid_type') return 'a value';
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    object: 'a map',
    array: 'a list',
    number: 'a number',
    int: 'a whole number',
  };
  return names[issue.expected] ?? issue.expected;
}

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  return quote(value);
}

/** The value in a form that fits into one line of a message. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    value,
  );
}
