import { expect, test } from '@playwright/test';

import { runCommandLine } from './program.js';
import { wantsColour } from './terminal.js';

async function run(line: string): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await runCommandLine(
    line.split(' ').filter((word) => word !== ''),
    {
      write: (text) => {
        said += text;
      },
    },
  );
  return { code, said };
}

test('a usage error is one line and where to read on, and exits 2', async () => {
  expect(await run('doctr')).toEqual({
    code: 2,
    said: "everyleaf: unknown command 'doctr' (Did you mean doctor?)\neveryleaf: for what is understood: everyleaf --help\n",
  });
  expect(await run('doctor --jsn')).toEqual({
    code: 2,
    said: "everyleaf: unknown option '--jsn' (Did you mean --json?)\neveryleaf: for what is understood: everyleaf doctor --help\n",
  });
  expect((await run('check')).said).toContain("missing required argument 'file'");
});

test('nothing typed: the help, and 2', async () => {
  const { code, said } = await run('');
  expect(code).toBe(2);
  expect(said).toContain('Usage: everyleaf');
  expect(said).toContain('Exit codes:');
});

test('colour is for terminals that want it', () => {
  expect(wantsColour({ isTTY: true }, {})).toBe(true);
  expect(wantsColour({}, {})).toBe(false);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
});
