import tseslint from 'typescript-eslint';

/** The runner and its reporters load these by their default export. */
const DEFAULT_EXPORT_FILES = ['*.config.ts', 'docs/examples/**/*.config.ts', 'lib/runner/*Reporter.ts'];

export default tseslint.config(
  {
    ignores: ['dist/', 'node_modules/', 'reports/out/', 'test-results/'],
  },
  {
    // AssemblyScript, whose own compiler checks it: its numbers have types that TypeScript does not have.
    files: ['assembly/**/*.ts'],
    extends: [tseslint.configs.base],
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    ignores: ['assembly/**'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Node's file and process calls return what the type says; `void promise` must be written where a promise is left alone.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name everywhere.' },
        { selector: 'ExportAllDeclaration', message: 'Import from the file that holds the thing.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    // The import rules keep system modules out of these; this keeps out what needs no import.
    files: ['lib/{wire,pcap,topology,profile,judge}/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'performance',
        'console',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure code has no clock: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Pure code has no dice: take a seed as an argument.' },
      ],
    },
  },
  {
    // What runs inside the page is typed by the browser, whose globals the rest of the project must not see.
    files: ['**/*.browser.test.ts'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
        `@typescript-eslint/no-unsafe-${what}`,
        'off',
      ]),
    ),
  },
  { files: DEFAULT_EXPORT_FILES, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.test.ts', '**/*.spec.ts'],
    rules: {
      // A fixture function without fixtures is written `({}, info) =>`: the runner insists on the pattern.
      'no-empty-pattern': 'off',
    },
  },
);
