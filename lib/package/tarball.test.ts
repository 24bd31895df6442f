import { expect } from '@playwright/test';
import { packProduct } from './testing/tarball.js';
import { test } from './testing/temporary.js';

/** Bytes, packed: 1,411 kB of compiled code, some of it twice, types and pages. Tests, pictures or maps would add more than is left. */
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
  expect(size).toBeLessThan(SIZE_MAX);
});
