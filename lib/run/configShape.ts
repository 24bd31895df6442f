import { z } from 'zod';
import { profileSchema } from '../profile/parse.js';
import type { Config } from '../config.js';
import { nearest, suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';

/** Names are also used for folders and options. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'lower-case letters, digits and hyphens, a letter first, at most 40' });
const method = z.custom<unknown>((value) => typeof value === 'function', { error: 'a function is needed' });
const path = z.string().min(1);
const on = z.custom<unknown>(
  (value) => value === 'any' || (Array.isArray(value) && value.every((kind) => typeof kind === 'string')),
  { error: "'any', or a list of kinds of data planes, is needed" },
);

/** The parts of an entry that a wrong import or a forgotten call would leave out; its types check the rest. */
const entries = {
  testbeds: z.looseObject({ name, open: method }),
  dataPlanes: z.looseObject({
    kind: name,
    variants: z.array(z.string()).min(1),
    traits: method,
    check: method,
    bringUp: method,
    description: z.string(),
    hostNic: z.string(),
    bond: z.string().nullable(),
    needs: z.array(z.string()),
  }),
  replicators: z.union([
    path,
    z.looseObject({ name, description: z.string(), profile: z.object(), install: method, on }),
  ]),
  faults: z.looseObject({
    name: z.string(),
    undoName: z.string(),
    title: z.string(),
    plan: method,
    effects: method,
    bond: z.enum(['reacts at once', 'reacts by LACP', 'splits', 'does not react']),
    waitsFor: z.enum(['bond and replicator', 'nothing']),
    defaults: z.looseObject({}),
  }),
  profiles: z.union([path, profileSchema]),
  mutants: z.looseObject({ name, description: z.string(), mustFind: z.array(z.string()).min(1), install: method, on }),
  tampers: z.looseObject({
    name,
    description: z.string(),
    mustFind: z.array(z.string()).min(1),
    tries: method,
    changes: method,
  }),
} as const;

const schema = z.strictObject({
  scenarios: path.optional(),
  topologies: path.optional(),
  out: path.optional(),
  testbeds: z.array(entries.testbeds).optional(),
  dataPlanes: z.array(entries.dataPlanes).optional(),
  replicators: z.array(entries.replicators).optional(),
  faults: z.array(entries.faults).optional(),
  profiles: z.array(entries.profiles).optional(),
  mutants: z.array(entries.mutants).optional(),
  tampers: z.array(entries.tampers).optional(),
  builtInScenarios: z.union([z.boolean(), z.array(z.string())]).optional(),
} satisfies Record<keyof Config, z.ZodType>);

const KEYS = Object.keys(schema.shape);

/** The line of a config file, from 1, in which a key stands; the first line where it is not found, as with a spread. */
export function lineOfKey(text: string, key: string): number {
  const at = text.split('\n').findIndex((line) => new RegExp(`(^|[\\s{,'"])${key}['"]?\\s*[:,}(]`).test(line));
  return Math.max(0, at) + 1;
}

/**
 * Checks whether this is a config. @param file its path, as a person would write it @param text its content
 * @throws UserError with file and line
 */
export function checkConfig(value: unknown, file: string, text: string): Config {
  const parsed = schema.safeParse(value);
  if (parsed.success) return value as Config;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new UserError(`${file}:1: it is no config`);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw new UserError(
      `${file}:${lineOfKey(text, key)}: unknown key "${key}"; ${suggest(key, KEYS)}`,
      nearest(key, KEYS) === null ? null : `known: ${KEYS.join(', ')}`,
    );
  }
  const [key = ''] = issue.path.map(String);
  if (key === '')
    throw new UserError(`${file}:1: its default export is no object`, 'write: export default defineConfig({ ... })');
  throw new UserError(`${file}:${lineOfKey(text, key)}: ${whatIsWrong(issue)}`);
}

/**
 * The path of the value, and what is wrong with it; for a value that may have two types, what is wrong with it as an
 * object.
 */
function whatIsWrong(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'invalid_union') return `${path}: ${issue.message.replace(/^Invalid input: /, '')}`;
  const ofObject = issue.errors.flat().find((one) => one.path.length > 0);
  if (ofObject !== undefined) return whatIsWrong({ ...ofObject, path: [...issue.path, ...ofObject.path] });
  return path === 'builtInScenarios'
    ? `${path}: true, false, or a list of built-in suites, is needed`
    : `${path}: the path of a YAML file, or an object, is needed`;
}
