import { expect, test } from '@playwright/test';
import { dupFacts } from './audit.js';
import { chainOf, dupScript, MATCHES } from './ruleset.js';

const SPARE = [{ match: { op: '!=', left: { meta: { key: 'mark' } }, right: 0 } }, { accept: null }];
const copyTo = (...ports: readonly string[]) => [{ mangle: {} }, ...ports.map((addr) => ({ dup: { addr } }))];
const text = (ports: readonly string[]) =>
  ports
    .map((port) => `chain ${chainOf(port)} {\n\t\ttype filter hook egress device "${port}" priority -200;`)
    .join('\n');

function listing(ports: readonly string[], rules: (port: string) => readonly unknown[]): string {
  const all = ports.flatMap((port) => rules(port).map((expr) => ({ rule: { chain: chainOf(port), expr } })));
  return JSON.stringify({ nftables: [{ metainfo: {} }, { table: {} }, ...all] });
}

const PORTS = ['up-a', 'up-b'];
const other = (port: string) => (port === 'up-a' ? 'up-b' : 'up-a');
const right = (port: string) => [SPARE, ...MATCHES.map(() => copyTo(other(port)))];
const wrong = (rules: (port: string) => readonly unknown[], said = text(PORTS)) =>
  dupFacts(PORTS, PORTS, listing(PORTS, rules), said).flatMap(({ ok, value }) => (ok ? [] : [value]));

test('rules are right when each port copies every sort of frame to each other one, once', () => {
  expect(wrong(right)).toEqual([]);
  expect(
    dupFacts(
      ['up-a'],
      ['up-a'],
      listing(['up-a'], () => [SPARE]),
      text(['up-a']),
    ),
  ).toMatchObject([{ ok: true, value: 'to nobody' }]);
});

test('what is missing, too much, or goes elsewhere is told', () => {
  expect(wrong((port) => right(port).slice(1))[0]).toContain('what has been copied is not left alone');
  expect(wrong((port) => right(port).slice(0, -1))[0]).toBe('5 rules instead of 6');
  expect(wrong((port) => [SPARE, ...MATCHES.map(() => copyTo(port))])[0]).toContain('a rule copies to up-a');
  expect(wrong((port) => [SPARE, ...MATCHES.map(() => copyTo(other(port), other(port)))])).toHaveLength(2);
  expect(wrong(right, text(['up-a']))).toEqual(['it has no chain']);
  expect(dupFacts(PORTS, PORTS, null, 'Error: No such file or directory')).toMatchObject([
    { ok: false, value: 'Error: No such file or directory' },
  ]);
});

test('a leg without carrier copies to the others, and gets no copies', () => {
  const rules = (port: string) => (port === 'up-a' ? right(port) : [SPARE]);
  expect(
    dupFacts(PORTS, ['up-b'], listing(PORTS, rules), text(PORTS)).map(({ ok, value }) => `${ok}: ${value}`),
  ).toEqual(['true: to up-b', 'true: to nobody']);
  // When it comes back it may be handed frames before the rules are made anew.
  expect(
    dupFacts(
      PORTS,
      ['up-b'],
      listing(PORTS, () => [SPARE]),
      text(PORTS),
    )[0]?.value,
  ).toBe('0 rules instead of 6');
  const script = dupScript(PORTS, ['up-b']);
  expect(script.match(/dup to "up-b"/g)).toHaveLength(MATCHES.length);
  expect(script).not.toContain('dup to "up-a"');
});

test('a leg alone copies nothing, and is still watched', () => {
  expect(dupScript(['up-b'], ['up-b'])).toContain('device "up-b"');
  expect(dupScript(['up-b'], ['up-b'])).not.toContain('dup to');
  expect(dupScript(['a', 'b', 'c'], ['a', 'b', 'c'])).toContain('dup to "b" dup to "c"');
});
