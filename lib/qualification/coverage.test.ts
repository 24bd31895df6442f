import { expect, test } from '@playwright/test';
import { signatureOf } from '../nightly/signatures.js';
import { failingRun, passingRun } from '../report/testing/sampleRun.js';
import { ovsGroup } from '../profile/table/ovsGroup.js';
import type { EvidenceManifest } from '../evidence/types.js';
import type { Profile } from '../profile/types.js';
import type { TrialRecord } from '../run/result.js';
import { NO_COUNTS } from '../judge/tell/totals.js';
import type { Judgement } from '../judge/types.js';
import { decide } from './decide.js';
import { profileDigest } from './profiles.js';
import { coverageCsv, coverageOf } from './coverage.js';
import { qualifiedRun } from './testing/qualifiedRun.js';
import { judgedTrial, type JudgedTrial, type QualifiedRun } from './judged.js';
import { parseRequirements, type Requirement } from './requirements.js';
import { parseWaivers, whyInvalid, type Waiver } from './waivers.js';

const DAY = '2026-11-28';
const WAIVER: Waiver = {
  test: 't',
  signature: 's',
  kind: 'failure',
  issue: 'i',
  owner: 'o',
  since: '2026-11-01',
  until: '2026-12-01',
  approvedBy: 'b',
  approvedOn: '2026-11-02',
};

function judgedOf(run: QualifiedRun, waivers: readonly Waiver[] = []): readonly JudgedTrial[] {
  return run.report.experiments
    .filter(({ intent }) => intent.type === 'qualify')
    .map((trial) => judgedTrial(run, trial, waivers, DAY));
}

function failed(): { readonly run: QualifiedRun; readonly trial: TrialRecord; readonly open: readonly string[] } {
  const run = qualifiedRun(failingRun().run);
  const one = judgedOf(run).find(({ verdict, open }) => verdict === 'fail' && open.length > 0);
  if (one === undefined) throw new Error('the sample has no failure');
  return { run, trial: one.trial, open: one.open };
}

/** That the first of these is shown at leaf-a. */
function ofFirst([first]: readonly JudgedTrial[], more: Partial<Requirement>): Requirement {
  const { scenario = '', dataplane = '' } = first?.trial ?? {};
  return { id: 'R', text: 't', scenarios: [scenario], dataplanes: [dataplane], leaves: ['leaf-a'], ...more };
}

test('a failure is waived only where each of its findings is', () => {
  const { run, trial, open } = failed();
  const named = (signatures: readonly string[], change: Partial<Waiver> = {}) =>
    signatures.map((signature) => ({
      ...WAIVER,
      test: `${trial.scenario} [${trial.dataplane}]`,
      signature,
      ...change,
    }));
  const verdict = (waivers: readonly Waiver[], of = trial) => judgedTrial(run, of, waivers, DAY).verdict;
  expect(verdict(named(open))).toBe('waived');
  expect(verdict(named(open.slice(1)))).toBe('fail');
  expect(verdict(named(open, { until: '2026-11-27' }))).toBe('fail');
  expect(verdict(named(open, { since: '2026-11-29' }))).toBe('fail');
  expect(verdict(named(open, { approvedOn: '2026-11-29' }))).toBe('fail');
  expect(verdict(named(open, { binding: 'rack-12' }))).toBe('fail');
  expect(verdict(named(open, { test: 'another' }))).toBe('fail');
  // What was not judged besides could be anything.
  const [finding] = trial.judgement?.findings ?? [];
  if (trial.judgement === null || finding === undefined) throw new Error('no finding');
  const besides = { ...finding, verdict: 'inconclusive' as const, signature: 'drops' as const };
  const partly = { ...trial, judgement: { ...trial.judgement, findings: [...trial.judgement.findings, besides] } };
  expect(verdict(named([...open, signatureOf(besides)]), partly)).toBe('fail');
  for (const other of ['inconclusive', 'blocked', 'skipped'] as const)
    expect(verdict(named(open), { ...trial, verdict: other })).toBe(other);
  expect(verdict(named(open), { ...trial, error: 'it broke' })).toBe('fail');
});

test('gaps are rows; what failed counts for all that it could have shown', () => {
  const run = qualifiedRun(passingRun().run);
  const judged = judgedOf(run);
  const [first] = judged;
  const requirement: Requirement = {
    id: 'R',
    text: 'a "text", and more',
    scenarios: [first?.trial.scenario ?? '', 'nobody wrote it'],
    leaves: ['leaf-a', 'leaf-z'],
  };
  const own = (list: readonly JudgedTrial[], change: Partial<Requirement> = {}) =>
    coverageOf([{ ...requirement, ...change }], [run], list).filter(({ requirement: id }) => id === 'R');
  const plane = first?.trial.dataplane ?? '';
  const rows = own(judged, { dataplanes: [plane] });
  expect(rows.map(({ scenarios, leaf, verdict }) => [scenarios, leaf, verdict])).toEqual([
    ['nobody wrote it', '', 'nothing'],
    [requirement.scenarios.join('; '), 'leaf-a', 'pass'],
    [requirement.scenarios.join('; '), 'leaf-z', 'nothing'],
  ]);
  expect(coverageCsv(rows)).toContain('R,"a ""text"", and more",nobody wrote it,');
  for (const verdict of ['fail', 'inconclusive', 'blocked', 'skipped'] as const) {
    const worse = judged.map((one) => (one === first ? { ...one, verdict } : one));
    const cell = own(worse, { dataplanes: [plane], leaves: ['leaf-a'], kinds: ['rarp'] });
    expect(cell.at(-1)?.verdict, verdict).toBe(verdict);
  }
  expect(own(judged, { dataplanes: ['another/plane'] }).every(({ verdict }) => verdict === 'nothing')).toBe(true);
  // Whatever a list leaves out: each neighbor kind.
  expect(coverageOf([requirement], [run], []).length).toBeGreaterThan(0);
  expect(
    coverageOf([requirement], [run], judged).filter((row) => row.requirement === 'kind.ns-dad').length,
  ).toBeGreaterThan(1);
});

test('a kind of which a leaf shows no frame is not shown there, though its experiment passed', () => {
  const run = qualifiedRun(passingRun().run);
  const verdictOf = (cell: object): unknown => {
    const judged = judgedOf(run).map((one): JudgedTrial => {
      const { judgement } = one.trial;
      const matrix = { rarp: { 'leaf-a': cell } } as unknown as NonNullable<Judgement['matrix']>;
      return judgement === null ? one : { ...one, trial: { ...one.trial, judgement: { ...judgement, matrix } } };
    });
    const requirement = ofFirst(judged, { kinds: ['rarp'] });
    return coverageOf([requirement], [run], judged).find((row) => row.requirement === 'R' && row.kind === 'rarp')
      ?.verdict;
  };
  expect(verdictOf({ frames: 3 })).toBe('pass');
  expect(verdictOf({ frames: 0 })).toBe('nothing');
  expect(verdictOf({ frames: 0, notJudged: 3 })).toBe('not judged');
});

test('a profile is demanded by all that it says; one that owes less, under the same name, shows nothing', () => {
  const passing = qualifiedRun(passingRun().run);
  const lax: Profile = { ...ovsGroup, duties: { ...ovsGroup.duties, 'ns-dad': 'single' } };
  /** As if one probe of the kind had been seen on a leaf. */
  const shows = (one: JudgedTrial): JudgedTrial => {
    const { judgement } = one.trial;
    if (judgement === null) return one;
    const counts = { ...NO_COUNTS, probes: 1 };
    const matrix = { 'ns-dad': { 'leaf-a': { frames: 1 } } } as unknown as NonNullable<Judgement['matrix']>;
    return { ...one, trial: { ...one.trial, judgement: { ...judgement, kinds: { 'ns-dad': counts }, matrix } } };
  };
  const by = (profile: Profile): QualifiedRun => ({
    ...passing,
    manifests: Object.fromEntries(
      passing.report.experiments.map(({ id }) => [id, { profile, environment: {} } as EvidenceManifest]),
    ),
  });
  const told = (run: QualifiedRun, demanded?: string) => {
    const judged = judgedOf(run).map(shows);
    const [first] = judged;
    const requirement = ofFirst(judged, demanded === undefined ? {} : { profile: demanded });
    const coverage = coverageOf([requirement], [run], judged);
    const { problems } = decide({
      ...{ runs: [run], judged, requirements: [requirement], coverage, waivers: [] },
      createdAt: new Date('2030-01-01T00:00:00Z'),
    });
    return {
      own: [...new Set(coverage.filter(({ requirement: id }) => id === 'R').map(({ verdict }) => verdict))],
      kind: coverage.find(
        ({ requirement: id, leaf, dataplane }) =>
          id === 'kind.ns-dad' && leaf === 'leaf-a' && dataplane === first?.trial.dataplane,
      )?.verdict,
      foreign: problems.filter((problem) => problem.includes('none of those that everyleaf brings')).length,
    };
  };
  expect(told(by(ovsGroup))).toEqual({ own: ['pass'], kind: 'pass', foreign: 0 });
  expect(told(by(ovsGroup), 'ovs-group')).toMatchObject({ own: ['pass'], foreign: 0 });
  expect(told(by(ovsGroup), 'sonic-dual-tor')).toMatchObject({ own: ['other profile'] });
  expect(told(by(lax))).toEqual({ own: ['pass'], kind: 'nothing', foreign: 1 });
  expect(told(by(lax), 'ovs-group')).toEqual({ own: ['other profile'], kind: 'nothing', foreign: 1 });
  expect(told(by(lax), profileDigest(lax))).toEqual({ own: ['pass'], kind: 'nothing', foreign: 0 });
});

test('waivers and requirements that are not understood are refused with their place', () => {
  const waiver = (change: object) => `- ${JSON.stringify({ ...WAIVER, ...change })}\n`;
  expect(parseWaivers(waiver({}), 'w.yaml')).toEqual([WAIVER]);
  expect(parseWaivers('# none\n', 'w.yaml')).toEqual([]);
  for (const [text, said] of [
    [waiver({ approvedBy: undefined }), /^w\.yaml:1:\d+: .*approvedBy/],
    [waiver({ until: '2027-12-01' }), /is 395 days after since/],
    [waiver({ until: '2026-10-01' }), /is before since/],
    [waiver({ approvedOn: '2026-12-02' }), /approved after its last day/],
    [waiver({ kind: 'skip' }), /^w\.yaml:1:\d+: /],
    [waiver({}) + waiver({}), /^w\.yaml:2:\d+: this waiver is there twice/],
  ] as const)
    expect(() => parseWaivers(text, 'w.yaml'), text).toThrow(said);
  const requirement = '- {id: A, text: t, scenarios: [s]}\n';
  for (const [text, said] of [
    ['', /^r\.yaml:1:1: /],
    ['[]', /r\.yaml:1:1: /],
    [requirement + requirement, /^r\.yaml:2:\d+: the id A is there twice/],
    ['- {id: kind.rs, text: t, scenarios: [s]}\n', /belongs to a built-in requirement/],
    ['- {id: A, text: t, scenarios: [s], profile: ovs-grup}\n', /ovs-grup is no built-in profile, and no digest/],
    ['- {id: A, text: t, scenarios: []}\n', /^r\.yaml:1:\d+: /],
    ['- {id: A, text: t, scenarios: [s], kinds: [arp]}\n', /^r\.yaml:1:\d+: /],
  ] as const)
    expect(() => parseRequirements(text, 'r.yaml'), text).toThrow(said);
  expect(whyInvalid(WAIVER, '2026-12-01')).toBeNull();
  expect(whyInvalid(WAIVER, '2026-12-02')).toBe('it is over since 2026-12-01');
});
