import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { commandShown, shellCommand, shellWord } from './shellQuote.js';

/**
 * What a shell and its neighbors may take for more than a letter; and any other text, which takes fast-check seconds to
 * prepare: not while files are loaded, which every worker does.
 */
const word = () =>
  fc
    .oneof(
      fc.string({ unit: fc.constantFrom(...Array.from(' \t\n\'"\\$`!*?[]{}()<>|&;#~=%^-/.:,@+aZ0_é')), maxLength: 12 }),
      fc.string({ unit: 'binary' }),
    )
    .map((text) => text.replaceAll('\0', ''));

test('a shell reads every command back as it was', () => {
  // Many commands for one shell: it takes longer to start than to read them.
  const commands = fc.array(fc.array(word(), { minLength: 1, maxLength: 20 }), { maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(commands, (lists) => {
      const script = lists.map((words) => shellCommand(['printf', '%s\\0', ...words])).join('\n');
      const said = execFileSync('sh', { input: script, encoding: 'utf8' });
      expect(said.split('\0').slice(0, -1)).toEqual(lists.flat());
    }),
    { numRuns: 5 },
  );
});

test('what needs no quotes has none, and a program is not taken for a variable', () => {
  expect(shellCommand(['ip', '-6', 'addr', 'add', '2001:db8::1/64', 'dev', 'eth0'])).toBe(
    'ip -6 addr add 2001:db8::1/64 dev eth0',
  );
  expect(shellWord('--out=a')).toBe('--out=a');
  expect(shellWord('A=b')).toBe("'A=b'");
  expect(shellWord('')).toBe("''");
});

test('a script in a message is one line, and not the whole of it', () => {
  expect(commandShown(['ip', 'link'])).toBe('ip link');
  expect(commandShown(['sh', '-c', 'all=$1\n  shift\n'])).toBe("sh -c 'all=$1 shift '");
  expect(commandShown(['sh', '-c', 'x'.repeat(500)])).toMatch(/^sh -c x{154}…$/);
});
