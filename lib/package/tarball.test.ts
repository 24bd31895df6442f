import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { packProduct } from './testing/tarball.js';
import { test } from './testing/temporary.js';

/** Bytes, packed: 1,448 kB of compiled code, some of it twice, types that users meet, and pages. Tests, pictures or maps would add more than is left. */
const SIZE_MAX = 1_500_000;

test('the package holds what is used of it, and no tests', async ({ folder }) => {
  const { files, size } = await packProduct(folder);
  const folders = new Set(
    files.map((file) =>
      file
        .split('/')
        .slice(0, file.startsWith('dist/') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...folders].sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist/lib',
    'dist/playwright.config.js',
    'dist/scenarios',
    'docs',
    'lib',
    'package.json',
    'reports',
    'topologies',
    'vagrant',
  ]);
  expect(
    files.filter((file) =>
      /\.test\.|bundle\/shared|bundle\/everyleaf|bundle\/labDaemon|\/testing\/|^bench|invalid|\.map$|\.tsbuildinfo$/.test(
        file,
      ),
    ),
  ).toEqual([]);
  expect(files).toContain('dist/scenarios/replication/arp.spec.js');
  expect(files).toContain('topologies/dual-leaf.yaml');
  expect(files).toContain('topologies/bindings/two-linux-leaves-local.yaml');
  for (const name of ['Vagrantfile', 'links.rb', 'ports.sh', 'box.sh']) expect(files).toContain(`vagrant/${name}`);
  expect(files).toContain('lib/bootstrap/everyleaf.mjs');
  expect(files).toContain('dist/lib/production/reader.wasm');
  for (const name of ['judge.js', 'captureWorker.js', 'agent.js', 'licenses.txt'])
    expect(files).toContain(`dist/lib/bundle/${name}`);
  // What `everyleaf init` and the README name.
  for (const page of ['extending', 'command-line', 'architecture']) expect(files).toContain(`docs/${page}.md`);
  expect(files).toContain('docs/examples/ours/everyleaf.config.ts');
  expect(files.filter((file) => file.endsWith('.md')).flatMap((page) => pagesMissedBy(page, files))).toEqual([]);
  expect(size).toBeLessThan(SIZE_MAX);
});

/** Pages of `docs/` to which a page links, and that the package leaves out. */
function pagesMissedBy(page: string, files: readonly string[]): readonly string[] {
  const links = readFileSync(join(PACKAGE_ROOT, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+\.md)/g);
  return [...links]
    .map(([, link = '']) => posix.join(posix.dirname(page), link))
    .filter((target) => target.startsWith('docs/') && !files.includes(target))
    .map((target) => `${page}: ${target}`);
}

/** The types of an entry of the package, and all that they import, as paths in the package. */
function typesBehind(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(PACKAGE_ROOT, file), 'utf8');
  for (const [, name = ''] of text.matchAll(/(?:from|import) ?\(?['"](\.[^'"]+)\.js['"]/g))
    typesBehind(`${join(file, '..', name)}.d.ts`, seen);
  return seen;
}

test('the types of what users import are all in it, and those of folders that they cannot reach are not', async ({
  folder,
}) => {
  const { files } = await packProduct(folder);
  const { exports } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [join(entry.types)]));
  const needed = [...new Set(entries.flatMap((entry) => [...typesBehind(entry)]))];
  expect(needed.length).toBeGreaterThan(entries.length);
  expect(needed.filter((file) => !files.includes(file))).toEqual([]);
  const folderOf = (file: string) => file.split('/').slice(0, 3).join('/');
  const used = new Set(needed.map(folderOf));
  const types = files.filter((file) => /^dist\/lib\/[^/]+\/.*\.d\.m?ts$/.test(file));
  expect([...new Set(types.map(folderOf))].filter((one) => !used.has(one))).toEqual([]);
});
