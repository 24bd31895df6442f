import type { Problem } from '../topology/problem.js';
import type { Path, Source } from '../topology/source.js';

/** Keys under which people write secrets out. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'secret',
  'password',
  'passwd',
  'passphrase',
  'token',
  'privatekey',
  'private_key',
  'community',
]);

/** user:password@host, as in a URL. */
const USER_AND_PASSWORD = /^[^@]*:[^@]*@/;

/**
 * Secrets that stand in the file itself. They are looked for before anything else, as other messages show what stands
 * there.
 */
export function secretProblems(source: Source): Problem[] {
  const problems: Problem[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) value.forEach((entry, i) => visit(entry, [...path, i]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, entry] of Object.entries(value)) {
        if (key === 'ssh' && typeof entry === 'string' && USER_AND_PASSWORD.test(entry)) {
          problems.push(problemAt([...path, key], 'password'));
          continue;
        }
        const isSecret = SECRET_KEYS.has(key.toLowerCase());
        if (isSecret && (typeof entry === 'string' || typeof entry === 'number'))
          problems.push(problemAt([...path, key], key));
        else visit(entry, [...path, key]);
      }
  };
  const problemAt = (path: Path, key: string): Problem => ({
    kind: 'wrong-value',
    ...source.placeOf(path),
    text: `a ${key} is written out here`,
    hint: 'everybody who can read this file has it: change it, and say where it is: secret: { env: NAME }, { file: PATH }, { command: [...] } or { ask: true }',
  });
  visit(source.value, []);
  return problems;
}
