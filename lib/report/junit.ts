import type { ControlName } from '../run/controlName.js';
import { controlRows } from '../run/controls.js';
import type { ControlRow, ControlsTable, TrialRecord, RunReport } from '../run/result.js';

type Problem = {
  readonly tag: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
};

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly seconds: number;
  readonly problem: Problem | null;
}

/** Names and values to be said of a test, by its name. */
export type JunitProperties = ReadonlyMap<string, readonly (readonly [string, string])[]>;

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * JUnit XML of a run. Nothing that is not a pass may be counted as one: inconclusive and blocked are errors, a
 * surviving mutant or tamper is a failure, and the run's own verdict is a test case, so that a run in which nothing ran
 * is red as well.
 */
export function renderJunit(run: RunReport, properties: JunitProperties = new Map()): string {
  const qualified = run.experiments.filter((experiment) => experiment.intent.type === 'qualify');
  const suites: readonly Suite[] = [
    {
      name: 'verdict',
      cases: [
        {
          name: run.sentence,
          classname: `run.${run.replicator}`,
          seconds: 0,
          problem: problemOf(run.verdict, run.sentence, run.reasons, null),
        },
      ],
    },
    ...groupBy(qualified, (experiment) => experiment.dataplane).map(([name, list]): Suite => ({
      name,
      cases: list.map(experimentCase),
    })),
    ...(controlRows(run.controls).length === 0 && run.controls.unproven.length === 0
      ? []
      : [
          {
            name: 'controls',
            cases: [
              ...controlRows(run.controls).map((row) => controlCase(row, run)),
              ...run.controls.unproven.map(unprovenCase),
            ],
          },
        ]),
  ];
  const cases = suites.flatMap((suite) => suite.cases);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="everyleaf ${xml(run.run)}" ${numbers(cases)} time="${seconds(run.durationMs)}">\n${suites.map((suite) => suiteXml(suite, run, properties)).join('')}</testsuites>\n`;
}

function experimentCase(experiment: TrialRecord): Case {
  return {
    name: `${experiment.scenario} [${experiment.dataplane}]`,
    classname: experiment.source.replace(/:\d+$/, ''),
    seconds: experiment.durationMs,
    problem: problemOf(
      experiment.verdict,
      experiment.error ?? experiment.reasons[0] ?? experiment.verdict,
      experiment.reasons,
      experiment.error,
    ),
  };
}

function controlCase(row: ControlName & ControlRow, run: RunReport): Case {
  const ids = new Set(Object.values(row.cells).map((cell) => cell.experiment));
  const spent = run.experiments
    .filter((experiment) => ids.has(experiment.id))
    .reduce((sum, experiment) => sum + experiment.durationMs, 0);
  const cells = Object.entries(row.cells).map(
    ([scenario, cell]) =>
      `${scenario}: ${cell.verdict}${cell.signatures.length > 0 ? ` (${cell.signatures.join(', ')})` : ''}`,
  );
  const isOpen = row.fate === 'undecided';
  const message = isOpen
    ? `whether ${row.type} ${row.name} is noticed could not be judged`
    : `${row.type} ${row.name} survived: a scenario that must notice it did not fail with ${row.mustShow.join(' or ')}`;
  return {
    name: `${row.type} ${row.name} is caught`,
    classname: 'controls',
    seconds: spent,
    problem:
      row.fate === 'caught'
        ? null
        : {
            tag: isOpen ? 'error' : 'failure',
            type: isOpen ? 'undecided' : 'survivor',
            message,
            text: [message, row.description, ...cells].join('\n'),
          },
  };
}

function unprovenCase(scenario: ControlsTable['unproven'][number]): Case {
  const message = `no control ever made "${scenario}" fail, so its pass proves nothing`;
  return {
    name: `${scenario} can fail`,
    classname: 'controls',
    seconds: 0,
    problem: { tag: 'error', type: 'unproven', message, text: message },
  };
}

function problemOf(
  verdict: RunReport['verdict'],
  message: string,
  reasons: readonly string[],
  error: string | null,
): Problem | null {
  if (verdict === 'pass') return error === null ? null : { tag: 'error', type: 'broken', message, text: error };
  const text = [...(error === null ? [] : [error]), ...reasons].join('\n');
  if (verdict === 'skipped') return { tag: 'skipped', type: verdict, message, text };
  return { tag: verdict === 'fail' ? 'failure' : 'error', type: verdict, message, text };
}

function suiteXml(suite: Suite, run: RunReport, properties: JunitProperties): string {
  const spent = suite.cases.reduce((sum, one) => sum + one.seconds, 0);
  const said = suite.cases.map(({ name }) => [name, properties.get(name) ?? []] as const);
  return `  <testsuite name="${xml(suite.name)}" ${numbers(suite.cases)} skipped="${count(suite.cases, 'skipped')}" time="${seconds(spent)}" timestamp="${xml(run.startedAt.replace(/(\.\d+)?Z$/, ''))}">\n${propertiesXml(said)}${suite.cases.map((one) => caseXml(one, properties.get(one.name) ?? [])).join('')}  </testsuite>\n`;
}

/** Of the whole suite: readers that hold a file against a schema refuse it where test cases have properties. */
function propertiesXml(said: readonly (readonly [string, readonly (readonly [string, string])[]])[]): string {
  const lines = said.flatMap(([test, properties]) =>
    properties.map(([name, value]) => `      <property name="${xml(`${name}: ${test}`)}" value="${xml(value)}"/>\n`),
  );
  return lines.length === 0 ? '' : `    <properties>\n${lines.join('')}    </properties>\n`;
}

/** A property of a test case, where readers look for it that take none there: a line of what it printed. */
function printedXml(properties: readonly (readonly [string, string])[]): string {
  if (properties.length === 0) return '';
  const lines = properties.map(([name, value]) => `[[PROPERTY|${name}=${value.replaceAll(/\s+/g, ' ')}]]`);
  return `      <system-out>${xml(lines.join('\n'))}</system-out>\n`;
}

function caseXml(
  { name, classname, seconds: spent, problem }: Case,
  properties: readonly (readonly [string, string])[],
): string {
  const open = `    <testcase name="${xml(name)}" classname="${xml(classname)}" time="${seconds(spent)}"`;
  const said = printedXml(properties);
  if (problem === null) return said === '' ? `${open}/>\n` : `${open}>\n${said}    </testcase>\n`;
  const type = problem.tag === 'skipped' ? '' : ` type="${xml(problem.type)}"`;
  return `${open}>\n      <${problem.tag} message="${xml(problem.message)}"${type}>${xml(problem.text)}</${problem.tag}>\n${said}    </testcase>\n`;
}

function count(cases: readonly Case[], tag: Problem['tag']): string {
  return String(cases.filter((one) => one.problem?.tag === tag).length);
}

/** What a suite and all of them have; how many were skipped is said of a suite alone, see `testing/junit.xsd`. */
function numbers(cases: readonly Case[]): string {
  return `tests="${String(cases.length)}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}"`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** XML 1.0 section 2.2 forbids most control characters even as references; they become U+FFFD. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"'\n\r\t]/g, (character) => ENTITIES[character] ?? character);
}

function groupBy<T>(list: readonly T[], key: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}
