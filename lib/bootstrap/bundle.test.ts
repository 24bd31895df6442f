import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';

const FOLDER = join(PACKAGE_ROOT, 'dist/lib/bundle');

for (const name of ['ssh2', 'jiti'])
  test(`no bundle loads ${name} before it is needed`, () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const having = (form: RegExp) => files.filter((file) => form.test(readFileSync(join(FOLDER, file), 'utf8')));
    expect(having(new RegExp(`(from|import) ?["']${name}["']`))).toEqual([]);
    // Which shows that the files were looked at, and how such a package stands in them.
    expect(having(new RegExp(`import\\(["']${name}["']\\)`))).not.toEqual([]);
  });
