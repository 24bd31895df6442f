import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where bundles are written, relative to the root; what they load by `import()` is found from there. */
const FOLDER = 'dist/lib/bundle';
/** Bundles by their compiled entries, both relative. Each is one file, and what it loads by `import()` is not in it. */
const ENTRIES = {
  judge: 'dist/lib/cli/startJudge.js',
  captureWorker: 'dist/lib/production/captureWorker.js',
  agent: 'dist/lib/agent/main.js',
  // What else of ours runs on nodes; guests have only bundles.
  relay: 'dist/lib/control/tamper/relay/relay.js',
  streamClient: 'dist/lib/fabric/stream/client.js',
  streamServer: 'dist/lib/fabric/stream/server.js',
  controller: 'dist/lib/replicator/ovs/controller/program.js',
};
/**
 * The same for programs that load much by `import()`: that is bundled, too, in files beside them that they share. They
 * are not in the package, which is used with a config, and would grow by a third.
 */
const PROGRAMS = { everyleaf: 'dist/lib/cli/start.js', labDaemon: 'dist/lib/console/labDaemon.js' };
/**
 * What the test runner loads, in each of its processes. Files beside each other, as they are found from one another.
 * The runner translates whatever is not in a folder of this name, and takes its time for it. Scenarios are added.
 */
const RUNNER_FOLDER = 'node_modules/runner';
const RUNNER = { 'playwright.config': 'dist/playwright.config.js', runReporter: 'dist/lib/runner/runReporter.js' };
/** Folders of scenarios, below dist. */
const SCENARIOS = 'scenarios';
/** Packages that find files of their own from where they are, or that only some commands need. */
const NOT_BUNDLED = ['@playwright/test', 'allure', 'jiti', 'koffi', 'ssh2'];

/** What is written, relative to the root. */
const BUNDLES = [
  ...Object.keys({ ...ENTRIES, ...PROGRAMS }).map((name) => join(FOLDER, `${name}.js`)),
  ...Object.keys(RUNNER).map((name) => join(FOLDER, RUNNER_FOLDER, `${name}.js`)),
];

/**
 * What is bundled of these sources, relative to the root: nothing where an entry is none of them.
 * @param {readonly string[]} sources
 * @returns {readonly string[]}
 */
export function bundlesOf(sources) {
  const entries = Object.values({ ...ENTRIES, ...PROGRAMS, ...RUNNER }).map((entry) =>
    entry.replace(/^dist\/(.*)js$/, '$1ts'),
  );
  return entries.every((entry) => sources.includes(entry)) ? BUNDLES : [];
}

/** What bundled packages ask of those who pass them on. */
const LICENSES = 'licenses.txt';
/** Packages that are no ES modules ask for what Node brings by `require`. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/** What one who parses command lines would start programs with, which none of these commands are: loaded when it is. */
const PROGRAM_STARTER = 'node:child_process';
const LATE = 'late';
const STARTED_LATE = `exports.spawn = (...args) => process.getBuiltinModule('${PROGRAM_STARTER}').spawn(...args);`;

/** What all bundles have in common. */
const COMMON = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  banner: { js: REQUIRE },
  metafile: true,
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
};

/**
 * Puts each program into one file, or into few: to load some hundred small files takes Node longer than what most
 * commands do.
 * @param {string} root
 * @param {string} folder
 */
export async function bundle(root, folder = FOLDER) {
  const { build } = esbuildOf(root);
  // Shared files have other names each time.
  rmSync(join(root, folder), { recursive: true, force: true });
  const built = await Promise.all([
    build({
      ...COMMON,
      absWorkingDir: root,
      entryPoints: ENTRIES,
      outdir: folder,
      external: NOT_BUNDLED,
      // A third less to read before anything is done.
      minifyIdentifiers: true,
      plugins: [
        {
          name: 'lazy',
          setup(building) {
            building.onResolve({ filter: /^node:child_process$/ }, ({ kind, path, importer }) =>
              kind === 'require-call' && importer.includes('/node_modules/commander/')
                ? { path, namespace: LATE }
                : undefined,
            );
            building.onLoad({ filter: /^/, namespace: LATE }, () => ({ contents: STARTED_LATE, loader: 'js' }));
            building.onResolve({ filter: /^\./ }, ({ kind, path, importer }) =>
              kind === 'dynamic-import'
                ? { path: `./${relative(join(root, folder), join(dirname(importer), path))}`, external: true }
                : undefined,
            );
          },
        },
      ],
    }),
    build({
      ...COMMON,
      absWorkingDir: root,
      entryPoints: PROGRAMS,
      outdir: folder,
      chunkNames: 'shared/[hash]',
      splitting: true,
      external: NOT_BUNDLED,
      plugins: [],
    }),
    build({
      ...COMMON,
      absWorkingDir: root,
      entryPoints: { ...RUNNER, ...scenariosOf(root) },
      outdir: join(folder, RUNNER_FOLDER),
      chunkNames: '[hash]',
      splitting: true,
      // Of a scenario's own file only, which says where the scenario is: a big one costs more than it tells.
      sourcemap: 'linked',
      external: NOT_BUNDLED,
      plugins: [],
    }),
  ]);
  withoutMaps(join(root, folder, RUNNER_FOLDER));
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(root, folder, LICENSES), licensesOf(root, inputs));
}

/**
 * Entries of scenarios.
 * @param {string} root
 * @returns {Readonly<Record<string, string>>}
 */
function scenariosOf(root) {
  const folder = join('dist', SCENARIOS);
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith('.spec.js'))
      .map((file) => [join(SCENARIOS, file.replace(/\.js$/, '')), join(folder, file)]),
  );
}

/**
 * Removes the source maps of all files that are directly in a folder.
 * @param {string} folder
 */
function withoutMaps(folder) {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.endsWith('.map')) rmSync(file);
    else if (name.endsWith('.js'))
      writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
  }
}

/** @param {string} root @param {readonly string[]} files relative */
function licensesOf(root, files) {
  const packages = new Set(files.flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  return [...packages]
    .sort()
    .flatMap((path) => {
      const license = readdirSync(join(root, path)).find((name) => /^licen[cs]e/i.test(name));
      return license === undefined ? [] : [`${path}\n\n${readFileSync(join(root, path, license), 'utf8')}`];
    })
    .join('\n');
}

/**
 * The parts of esbuild that are used. It is no dependency of the package, and not there before dependencies are.
 * @typedef {{ readonly kind: string, readonly path: string, readonly importer: string }} Import
 * @typedef {{ readonly path: string, readonly external?: boolean, readonly namespace?: string }} Resolved
 * @typedef {(options: { readonly filter: RegExp }, how: (asked: Import) => Resolved | undefined) => void} OnResolve
 * @typedef {{ readonly contents: string, readonly loader: string }} Loaded
 * @typedef {(options: { readonly filter: RegExp, readonly namespace: string }, how: () => Loaded) => void} OnLoad
 * @typedef {{ readonly onResolve: OnResolve, readonly onLoad: OnLoad }} Building
 * @typedef {{ readonly name: string, setup(building: Building): void }} Plugin
 * @typedef {Readonly<Record<string, unknown>> & { readonly plugins: readonly Plugin[] }} Options
 * @typedef {{ readonly build: (options: Options) => Promise<{ readonly metafile: { readonly inputs: object } }> }} Esbuild
 */

/** @param {string} root @returns {Esbuild} */
function esbuildOf(root) {
  /** @type {unknown} */
  const loaded = createRequire(join(root, 'package.json'))('esbuild');
  return /** @type {Esbuild} */ (loaded);
}

// `npm run build`; everything else calls what is above.
if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(fileURLToPath(new URL('../..', import.meta.url)));
