import { expect, test } from '@playwright/test';
import { renderJunit } from './junit.js';
import { emptyRun, failingRun, inconclusiveRun, passingRun } from './testing/sampleRun.js';

const totals = (xml: string) => {
  const [, tests, failures, errors] = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(xml) ?? [];
  const skipped = [...xml.matchAll(/<testsuite [^>]*skipped="(\d+)"/g)].reduce((sum, [, one]) => sum + Number(one), 0);
  return { tests: Number(tests), failures: Number(failures), errors: Number(errors), skipped };
};

test('a pass has no failure; each mutant and each tamper is a test case', () => {
  const { run } = passingRun();
  const proven = { ...run, controls: { ...run.controls, unproven: [] } };
  const xml = renderJunit(proven);
  expect(totals(xml)).toEqual({ tests: 1 + 8 + 6 + 1, failures: 0, errors: 0, skipped: 0 });
  expect(xml).toContain('<testcase name="mutant group-and-normal is caught" classname="controls"');
  expect(xml).toContain('<testcase name="tamper lose-on-one-leg is caught" classname="controls"');
});

test('a survivor and a scenario that never failed are failures', () => {
  const { run } = failingRun();
  const xml = renderJunit(run);
  expect(xml).toContain('type="survivor"');
  expect(xml).toContain(
    '<failure message="mutant stale-liveness survived: a scenario that must notice it did not fail with copy-to-dead-leg"',
  );
  expect(renderJunit({ ...run, controls: { ...run.controls, unproven: ['x'] } })).toContain('type="unproven"');
});

test('what is not a pass is never counted as one', () => {
  const { run } = inconclusiveRun();
  const xml = renderJunit(run);
  expect(xml).toMatch(/<error message="[^"]*" type="inconclusive">/);
  expect(xml).toMatch(/<error message="[^"]*" type="blocked">/);
  expect(totals(xml).errors).toBe(3);
  const [first] = run.experiments;
  if (first === undefined) throw new Error('the sample has experiments');
  expect(totals(renderJunit({ ...run, experiments: [{ ...first, verdict: 'skipped' }] })).skipped).toBe(1);
});

test('what a history says of a test is a property of its suite, and in what the test printed', () => {
  const { run } = failingRun();
  const failed = run.experiments.find(({ verdict, intent }) => verdict === 'fail' && intent.type === 'qualify');
  const name = `${failed?.scenario} [${failed?.dataplane}]`;
  const xml = renderJunit(run, new Map([[name, [['everyleaf.night', 'new\n<failure>']]]]));
  expect(xml).toContain(
    `    <properties>\n      <property name="everyleaf.night: ${name}" value="new&#10;&lt;failure&gt;"/>\n    </properties>\n    <testcase `,
  );
  expect(xml).toContain(
    '</failure>\n      <system-out>[[PROPERTY|everyleaf.night=new &lt;failure&gt;]]</system-out>\n    </testcase>',
  );
  expect(xml.match(/<properties>/g)).toHaveLength(1);
  expect(totals(xml)).toEqual(totals(renderJunit(run)));
  const proof = run.experiments.find(({ verdict }) => verdict === 'pass');
  const passed = new Map([[`${proof?.scenario} [${proof?.dataplane}]`, [['a', 'b']] as const]]);
  expect(renderJunit(run, passed)).toContain('<system-out>[[PROPERTY|a=b]]</system-out>\n    </testcase>');
});

test('nothing ran is an error', () => {
  expect(totals(renderJunit(emptyRun().run))).toEqual({ tests: 1, failures: 0, errors: 1, skipped: 0 });
});
