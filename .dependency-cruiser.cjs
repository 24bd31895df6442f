/** Folders whose code touches nothing but its arguments: no files, no processes, no network, no clock. Tests beside it may. */
const PURE = '^lib/(wire|pcap|topology|profile|judge)/';
const TEST = '(\\.test\\.ts$|/testing/)';
/** Libraries that are pure themselves. */
const PURE_LIBRARIES = '^node_modules/(yaml|zod)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'pure-folders-stay-pure',
      comment:
        'A verdict must be repeatable from a folder of files on any machine: what judges may not touch the system.',
      severity: 'error',
      from: { path: PURE, pathNot: TEST },
      to: { pathNot: [PURE, '^lib/evidence/types\\.ts$', '^lib/groupBy\\.ts$', PURE_LIBRARIES] },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing in two places.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'scenarios-speak-fixtures',
      comment:
        'A scenario reads like sentences; how things are done is in lib/runner and lib/trial. Types may come from anywhere.',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: {
        pathNot: ['^scenarios/', '^lib/(runner|trial)/', '^node_modules/'],
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    {
      name: 'nothing-needs-the-command-line',
      comment: 'The command line is one way in; everything works without it.',
      severity: 'error',
      from: { pathNot: ['^lib/cli/', '^bench/', TEST] },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'set-up-needs-nothing',
      comment: 'It runs before there is a node_modules.',
      severity: 'error',
      from: { path: '^lib/bootstrap/', pathNot: TEST },
      to: { pathNot: '^lib/bootstrap/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|reports/out)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'] },
  },
};
