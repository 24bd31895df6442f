import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { buildProgram } from './program.js';

const FOLDER = join(PACKAGE_ROOT, 'docs/examples/ci');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

/** What is used of `@actions/workflow-parser`. */
interface Parser {
  readonly NoOperationTraceWriter: new () => object;
  parseWorkflow(
    file: { readonly name: string; readonly content: string },
    trace: object,
  ): { readonly context: { readonly errors: { getErrors(): readonly { readonly message: string }[] } } };
}

/** GitHub's own parser. It imports JSON as bundlers do and Node does not, so it is bundled first. */
async function workflowParser(): Promise<Parser> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from '@actions/workflow-parser';", resolveDir: PACKAGE_ROOT },
    ...{ bundle: true, write: false, format: 'esm', platform: 'node' },
    // One of its dependencies asks for modules of Node in the old way.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as Parser;
}

function githubProblems(parser: Parser, text: string): readonly string[] {
  const { context } = parser.parseWorkflow({ name: 'github.yml', content: text }, new parser.NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

test('the workflow of GitHub is one by the parser of GitHub', async () => {
  const parser = await workflowParser();
  expect(githubProblems(parser, read('github.yml'))).toEqual([]);
  expect(githubProblems(parser, read('github.yml').replace('runs-on:', 'run-on:'))).not.toEqual([]);
  expect(githubProblems(parser, read('github.yml').replace('matrix.shard }}', 'matrix.shard }'))).not.toEqual([]);
});

/** Keywords of a job that the example uses, with the sort of their values: docs.gitlab.com/ci/yaml. */
const GITLAB: Readonly<Record<string, (value: unknown) => boolean>> = {
  stage: (value) => typeof value === 'string',
  image: (value) => typeof value === 'string',
  tags: isTexts,
  parallel: (value) => Number.isInteger(value) && Number(value) > 1,
  script: isTexts,
  when: (value) => ['on_success', 'on_failure', 'always', 'manual', 'delayed', 'never'].includes(String(value)),
  resource_group: (value) => typeof value === 'string',
  interruptible: (value) => typeof value === 'boolean',
  artifacts: (value) => typeof value === 'object',
};

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

test('each job of GitLab belongs to a stage, and has only keywords that there are', () => {
  const { stages, ...jobs } = parse(read('gitlab-ci.yml')) as { stages: string[] } & Record<string, object>;
  for (const [name, job] of Object.entries(jobs)) {
    expect(stages, name).toContain((job as { stage: string }).stage);
    for (const [key, value] of Object.entries(job)) expect(GITLAB[key]?.(value), `${name}.${key}`).toBe(true);
  }
});

/** Blocks of a declarative pipeline, jenkins.io/doc/book/pipeline/syntax, by the block around them. */
const JENKINS: Readonly<Record<string, readonly string[]>> = {
  '': ['pipeline'],
  pipeline: ['agent', 'triggers', 'options', 'stages', 'post'],
  stages: ['stage'],
  stage: ['steps'],
  post: ['always'],
};

test('the blocks of the Jenkinsfile are those of a declarative pipeline, and each ends', () => {
  const open: string[] = [];
  // Without comments and texts, in which braces mean nothing.
  const code = read('Jenkinsfile').replaceAll(/\/\/.*|'[^']*'/g, (found) => (found.startsWith('//') ? '' : "''"));
  expect(code).not.toMatch(/["']{3}|[^']'[^']/);
  for (const [token, name] of code.matchAll(/(\w+)(?:\(''\))?\s*\{|\}/g)) {
    if (token === '}') {
      expect(open.pop()).not.toBeUndefined();
      continue;
    }
    expect(JENKINS[open.at(-1) ?? ''] ?? [], `${name} in ${open.join(' > ')}`).toContain(name);
    open.push(name ?? '');
  }
  expect(open).toEqual([]);
});

/** Command lines of everyleaf in a text, as words, with what a CI system puts in for its variables. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll('${{ matrix.shard }}', '1')
    .replaceAll('$CI_NODE_INDEX', '1')
    .replaceAll('$CI_NODE_TOTAL', '3')
    .split('\n')
    .flatMap((line) => {
      const [, start, rest = ''] = /\b(npm start --|npm exec everyleaf --) ([^|'&]+)/.exec(line) ?? [];
      if (start === undefined) return [];
      const words = rest.trim().split(/\s+/);
      return [start.startsWith('npm start') ? ['run', ...words] : words];
    });
}

test('every command of everyleaf in them is one, with options that there are', async () => {
  let commands = 0;
  for (const name of readdirSync(FOLDER))
    for (const [typed = '', ...words] of commandsIn(read(name))) {
      commands++;
      const command = (await buildProgram(typed)).commands.find((one) => one.name() === typed);
      const { unknown } = command?.parseOptions([...words]) ?? { unknown: [typed] };
      expect(unknown, `${name}: ${typed} ${words.join(' ')}`).toEqual([]);
    }
  expect(commands).toBe(8);
});

test('no step of them ignores whatever went wrong', () => {
  for (const name of readdirSync(FOLDER))
    expect(read(name), name).not.toMatch(/\|\|\s*(true|:)|continue-on-error|allow_failure/);
});
