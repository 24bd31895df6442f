import { expect, test } from '@playwright/test';
import { failingRun, inconclusiveRun, passingRun } from '../report/testing/sampleRun.js';
import { cellOf } from './cellOf.js';

test('a run that passed holds, and says what was tried and how many controls were noticed', () => {
  const { run, details } = passingRun();
  const cell = cellOf(run, details, 'nowhere else');
  expect(cell.state).toBe('holds');
  expect(cell.tried).toContain('every ARP frame reaches every leaf once');
  expect(cell.controls.tried).toBeGreaterThan(0);
  expect(cell.controls.noticed).toBe(cell.controls.tried);
  expect(cell.sentence).toContain(`${run.totals.delivered} of ${run.totals.probes} neighbor frames`);
  expect(cell.first).toBeNull();
  expect(cell.misses).toBe(false);
});

test('a run without a replicator fails, and its first failing frame is the first in time, with its bytes and its places', () => {
  const { run, details } = failingRun();
  const cell = cellOf(run, details, 'nowhere else');
  expect(cell.state).toBe('fails');
  expect(cell.misses).toBe(true);
  const { first } = cell;
  if (first === null) throw new Error('there is no first failing frame');
  const failed = run.experiments
    .filter(({ intent }) => intent.type === 'qualify')
    .flatMap(({ judgement }) => judgement?.deliveries.filter(({ verdict }) => verdict === 'fail') ?? []);
  const earliest = failed.map(({ sentNs }) => BigInt(sentNs)).sort((a, b) => (a < b ? -1 : 1))[0];
  expect(first.sentNs).toBe(String(earliest));
  expect(first.wrong).toBe('missing');
  const [copy] = first.copies;
  expect(copy?.leaf).not.toBe(first.leaf);
  expect(copy?.file).toBe(`evidence/${first.experiment}/${copy?.leaf}.pcap`);
  expect(first.captures).toEqual([`evidence/${first.experiment}/${first.leaf}.pcap`]);
  const seen = failed.find(({ sentNs }) => sentNs === first.sentNs)?.leaves[copy?.leaf ?? '']?.copies[0];
  expect(copy?.number).toBe(
    numberOf(details.experiment(first.experiment)?.captures[`${copy?.leaf}.pcap`], seen?.offset),
  );
  expect(first.frame).toMatch(/^[0-9a-f]+$/);
  expect(first.summary).toContain('ARP');
  expect(first.fields.map(({ layer }) => layer)).not.toEqual([]);
});

test('where everything leaves on every leg, doubled data shows that there is no replicator; elsewhere it does not', () => {
  const { run, details } = failingRun();
  const doubled = (sendsOnEveryLeg: boolean) =>
    run.experiments.map((one) => ({
      ...one,
      plane: one.plane === null ? null : { ...one.plane, sendsOnEveryLeg },
      judgement:
        one.judgement === null
          ? null
          : {
              ...one.judgement,
              deliveries: [],
              findings: one.judgement.findings.map((finding) => ({
                ...finding,
                signature: 'data-replicated' as const,
              })),
            },
    }));
  const misses = (sendsOnEveryLeg: boolean) =>
    cellOf({ ...run, experiments: doubled(sendsOnEveryLeg) }, details, '').misses;
  expect(misses(true)).toBe(true);
  expect(misses(false)).toBe(false);
});

/** Counts the records of a pcap, least significant byte first, up to one at an offset; from 1. */
function numberOf(pcap: Uint8Array | undefined, offset: number | undefined): number | null {
  if (pcap === undefined) return null;
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.byteLength);
  let number = 1;
  for (let at = 24; at < pcap.length; at += 16 + view.getUint32(at + 8, true), number++)
    if (at === offset) return number;
  return null;
}

test('a run that is open or skipped keeps the reason that the judge gave', () => {
  const open = inconclusiveRun();
  expect(cellOf(open.run, open.details, '')).toMatchObject({ state: 'inconclusive', sentence: open.run.reasons[0] });
  const { run, details } = passingRun();
  const lacking = { ...run, verdict: 'skipped' as const, reasons: ['It cannot be tried here, without x: "y" said: z'] };
  expect(cellOf(lacking, details, 'Elsewhere: --testbed vm')).toMatchObject({
    state: 'not-here',
    sentence: 'It cannot be tried here, without x: "y" said: z. Elsewhere: --testbed vm',
  });
  const blocked = { ...run, verdict: 'blocked' as const, reasons: ['it died'] };
  expect(cellOf(blocked, details, '')).toMatchObject({ state: 'blocked', sentence: 'it died' });
});
