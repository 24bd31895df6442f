import type { ClockRecord, VantageRecord } from '../../evidence/types.js';
import { calibrated, capacityOf } from '../../judge/vantage/calibrated.js';
import { CLAIMS, CLAIM_TEXT } from '../../judge/vantage/vantages.js';
import { duration } from '../../judge/tell/phrasing.js';
import type { RunReport } from '../../run/result.js';
import type { ReportDetails } from '../details.js';
import { html, type Child, type Markup } from './markup.js';

/** What each leaf's captures showed of frames on a single leg, before anything was tested; and the clocks of machines. */
export function calibrationSection(run: RunReport, details: ReportDetails): Markup | null {
  // All experiments of a run are on one testbed, whose vantages are tried once.
  for (const { id } of run.experiments) {
    const manifest = details.experiment(id)?.manifest;
    const vantages = Object.entries(manifest?.vantages ?? {});
    if (manifest === undefined || vantages.length === 0) continue;
    return html`<section id="calibration" aria-labelledby="calibration-title"><h2 id="calibration-title">Calibration</h2>
<p class="lead">Frames were sent on one leg alone, with no switch and no replicator there. What is wrong with them is the way to the leaf, or the place where it is captured, and is not held against a replicator.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="calibration-title"><table class="plain-table"><thead><tr><th scope="col">leaf</th><th scope="col">captured</th><th scope="col">canaries seen</th><th scope="col">came twice</th><th scope="col">altered</th><th scope="col">without loss</th><th scope="col">not judged there</th></tr></thead><tbody>${vantages.map(([leaf, record]) => row(leaf, record, manifest.vantageLosses?.[leaf] ?? null))}</tbody></table></div>
${clocks(manifest.clocks ?? [])}</section>`;
  }
  return null;
}

function row(leaf: string, record: VantageRecord, lost: number | null): Markup {
  const { canaries, kind, at } = record;
  const place = calibrated(record, lost);
  const open = CLAIMS.flatMap((claim) => {
    const why = place.whyNot(claim);
    return why === null ? [] : [html`<li>${CLAIM_TEXT[claim]}: ${why}</li>`];
  });
  return html`<tr><th scope="row">${leaf}</th><td>${kind}<span class="note"> ${at}</span></td><td>${record.untried === undefined ? seenText(record) : html`<span class="note">not tried: ${record.untried}</span>`}</td><td>${canaries.filter(({ copies }) => copies > 1).length}</td><td>${alteredText(record)}</td><td>${rateText(record)}</td><td>${open.length === 0 ? 'nothing' : html`<ul>${open}</ul>`}</td></tr>`;
}

function seenText({ canaries }: VantageRecord): Child {
  const unseen = canaries.filter(({ copies }) => copies === 0);
  const all = `${canaries.length - unseen.length} of ${canaries.length}`;
  return unseen.length === 0
    ? all
    : html`${all}<span class="note"> not ${unseen.map(({ kind, form }) => `${kind} (${form})`).join(', ')}</span>`;
}

function alteredText({ canaries }: VantageRecord): string {
  const what = new Set(canaries.flatMap(({ altered }) => altered));
  return what.size === 0 ? 'none' : [...what].sort().join(', ');
}

function rateText(record: VantageRecord): string {
  const rate = capacityOf(record);
  if (rate === null) return 'no rate';
  return `${rate === record.ladder.at(-1)?.perSecond ? 'at least ' : ''}${rate} frames a second`;
}

function clocks(list: readonly ClockRecord[]): Markup | null {
  if (list.length === 0) return null;
  return html`<p class="note">Clocks: ${list.map(({ name, errorNs }) => `${name} ± ${duration(Number(errorNs))}`).join(', ')}.</p>`;
}
