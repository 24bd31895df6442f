import { expect, test } from '@playwright/test';
import type { Finding } from '../../judge/types.js';
import { failingRun } from '../testing/sampleRun.js';
import { trafficSection } from './trafficSection.js';

/** The section's text where these findings were made in a fabric. */
function shown(findings: readonly Finding[]): string {
  const { run, details } = failingRun();
  const [first] = run.experiments;
  const detail = first === undefined ? null : details.experiment(first.id);
  if (first === undefined || first.judgement === null || detail === null)
    throw new Error('the sample has a judgement and details');
  const traffic = {
    client: 'client',
    fromNs: detail.manifest.window.openNs,
    toNs: detail.manifest.window.closeNs,
    streams: [],
    routes: [],
    wanted: [],
    outages: [],
  };
  const section = trafficSection(
    { ...run, experiments: [{ ...first, judgement: { ...first.judgement, findings } }] },
    { ...details, experiment: () => ({ ...detail, traffic }) },
  );
  return section?.markup ?? '';
}

const COPIED: Finding = {
  property: 'P4',
  signature: 'data-replicated',
  verdict: 'fail',
  sender: 'vm1',
  count: 3,
  of: 9,
  probes: [],
  sentence: '3 packets came more than once.',
};

test('packets of a client that came twice are no outage in which nothing was lost', () => {
  expect(shown([COPIED])).toContain(COPIED.sentence);
  expect(shown([COPIED])).not.toContain('Nothing was lost.');
});

test('frames of senders that were copied stand elsewhere', () => {
  expect(shown([{ ...COPIED, kind: 'data-udp', probes: [1] }])).toContain('Nothing was lost.');
});
