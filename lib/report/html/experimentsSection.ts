import { controlOf } from '../../run/controlName.js';
import type { TrialRecord, RunReport } from '../../run/result.js';
import type { Tap } from '../../evidence/types.js';
import type { Certificate, Judgement } from '../../judge/types.js';
import type { ExperimentDetails, ReportDetails } from '../details.js';
import { verdictTone, VERDICT_SYMBOLS } from '../cellText.js';
import { count, millis, nanos, plural } from '../format.js';
import type { LadderBook } from './ladderBook.js';
import { html, type Child, type Markup } from './markup.js';

/** Every experiment with the basis of its verdict; those with an unexpected result come first. */
export function experimentsSection(run: RunReport, details: ReportDetails, ladders: LadderBook): Markup {
  const qualified = run.experiments.filter((experiment) => experiment.intent.type === 'qualify');
  const controls = run.experiments.filter((experiment) => experiment.intent.type === 'control');
  const wrongFirst = [
    ...qualified.filter((one) => one.verdict !== 'pass'),
    ...qualified.filter((one) => one.verdict === 'pass'),
  ];
  const list = (experiments: readonly TrialRecord[]): Markup =>
    html`<div class="experiments">${experiments.map((experiment) => one(experiment, details.experiment(experiment.id), ladders, run.evidence))}</div>`;
  return html`<section id="experiments" aria-labelledby="experiments-title"><h2 id="experiments-title">Experiments</h2>
${qualified.length === 0 ? html`<p class="empty">No experiment ran.</p>` : list(wrongFirst)}
${controls.length === 0 ? null : html`<details class="more fold"><summary>${plural(controls.length, 'control experiment', 'control experiments')}: each is one scenario on one mutant or one tamper, and its verdict is about that mutant or tamper</summary>${list(controls)}</details>`}
</section>`;
}

function one(experiment: TrialRecord, detail: ExperimentDetails | null, ladders: LadderBook, evidence: string): Markup {
  const ladder = ladders.addExperiment(experiment);
  const { judgement } = experiment;
  const notes = (judgement?.findings ?? []).filter((finding) => finding.verdict === 'note');
  return html`<details class="experiment" id="x-${experiment.id}"><summary><span class="badge tone-${verdictTone(experiment.verdict)}">${VERDICT_SYMBOLS[experiment.verdict]} ${experiment.verdict}</span> <span class="name">${experiment.scenario}</span> <span class="where">${experiment.dataplane}</span> <span class="who">${whose(experiment)}</span> <span class="time">${millis(experiment.durationMs)}</span></summary>
<div class="body">
${experiment.error === null ? null : html`<h3>Error</h3><pre class="error">${experiment.error}</pre>`}
${experiment.reasons.length === 0 ? null : html`<h3>Reasons</h3><ul class="reasons">${experiment.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${notes.length === 0 ? null : html`<h3>Recorded</h3><ul class="reasons">${notes.map((finding) => html`<li>${finding.sentence} <span class="note">${finding.property}</span></li>`)}</ul>`}
${ladder === null ? null : html`<p><button type="button" class="open-ladder" data-ladder="${ladder}" data-leaf="0" aria-expanded="false">Show deliveries that did not pass</button></p>`}
${judgement === null ? html`<p class="empty">It broke before it left evidence to judge.</p>` : certificates(judgement.certificates, detail?.manifest.taps ?? [])}
${judgement === null ? null : clocks(judgement)}
${detail === null ? null : audit(detail)}
${detail === null ? null : phases('Phases', detail.manifest.phases)}
${judgement === null ? null : background(judgement.background, judgement.leaves)}
<p class="note">${experiment.source} · evidence <code>${evidence}/${experiment.id}</code></p>
</div></details>`;
}

/** What an experiment was made with. */
function whose({ intent, replicator }: TrialRecord): string {
  const control = controlOf(intent);
  if (control === null) return replicator;
  return control.type === 'mutant' ? `mutant ${control.name}` : `${replicator}, tamper ${control.name}`;
}

/** The proof that each capture was alive: without it nothing is claimed. */
function certificates(all: Readonly<Record<string, Certificate>>, taps: readonly Tap[]): Markup | null {
  const names = Object.keys(all);
  if (names.length === 0) return null;
  const rows = names.map((name) => {
    const certificate = all[name];
    const record = taps.find((tap) => tap.name === name)?.record;
    if (certificate === undefined) return null;
    const cells: readonly Child[] = [
      html`<b class="tone-${certificate.valid ? 'good' : 'bad'}">${certificate.valid ? '✓ valid' : '✗ not valid'}</b>`,
      record === undefined ? '–' : record.ready === null ? '✗ never said ready' : `✓ ${record.ready}`,
      record === undefined
        ? '–'
        : `${String(record.canaryBefore)}, ${String(record.canaryAfter)}, fence ${String(record.fence)}`,
      count(certificate.frames),
      record === undefined
        ? certificate.drops === null
          ? 'not reported'
          : count(certificate.drops)
        : [record.droppedByKernel, record.droppedByInterface, record.portDrops]
            .map((drops) => (drops === null ? '?' : count(drops)))
            .join(' / '),
      certificate.problems.length === 0 ? 'none' : certificate.problems.join('; '),
    ];
    return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<h3>Certificates</h3><div class="scroll" role="region" tabindex="0" aria-label="certificates"><table class="plain-table"><thead><tr>${['tap', 'certificate', 'ready', 'canaries', 'frames', 'drops: kernel / interface / port', 'problems'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Captures of different machines: the offset of their clocks, and its error. */
function clocks({ clock, leaves, window }: Judgement): Markup | null {
  const names = Object.keys(clock);
  if (names.length === 0) return null;
  const against = Object.values(clock)[0]?.against ?? leaves[0] ?? 'the first leaf';
  return html`<h3>Clocks, against ${against}</h3><div class="scroll" role="region" tabindex="0" aria-label="clocks"><table class="plain-table"><thead><tr><th scope="col">leaf</th><th scope="col">offset</th><th scope="col">drift</th><th scope="col">error</th></tr></thead><tbody>${names.map(
    (leaf) => {
      const estimate = clock[leaf];
      return estimate === undefined
        ? null
        : html`<tr><th scope="row">${leaf}</th><td>${nanos(Number(estimate.offsetNs))}</td><td>${String(estimate.driftPpm)} ppm</td><td>± ${nanos(Number(estimate.errorNs))}</td></tr>`;
    },
  )}</tbody></table></div><p class="note">All captures were alive for ${nanos(Number(BigInt(window.toNs) - BigInt(window.fromNs)))}; only that time counts.</p>`;
}

function audit(detail: ExperimentDetails): Markup | null {
  if (detail.manifest.audit.length === 0) return null;
  return html`<h3>Audit of the configuration</h3><div class="scroll" role="region" tabindex="0" aria-label="audit"><table class="plain-table"><thead><tr><th scope="col">fact</th><th scope="col">ok</th><th scope="col">value</th><th scope="col">command</th></tr></thead><tbody>${detail.manifest.audit.map((fact) => html`<tr><th scope="row">${fact.name}</th><td class="tone-${fact.ok ? 'good' : 'bad'}">${fact.ok ? '✓ yes' : '✗ no'}</td><td>${fact.value}</td><td><code>${fact.command}</code></td></tr>`)}</tbody></table></div>`;
}

/** Frames that match no probe: counted, never dropped silently. */
function background(
  all: Readonly<Record<string, Readonly<Record<string, number>>>>,
  leaves: readonly string[],
): Markup | null {
  const kinds = Object.keys(all);
  if (kinds.length === 0) return null;
  return html`<p class="note">Background: ${kinds.map((kind) => `${kind} ${leaves.map((leaf) => `${leaf} ${String(all[kind]?.[leaf] ?? 0)}`).join(', ')}`).join('; ')}</p>`;
}

/** Where the time goes; bars are drawn against the longest phase. */
export function phases(title: string, list: readonly { readonly name: string; readonly ms: number }[]): Markup | null {
  if (list.length === 0) return null;
  const total = list.reduce((sum, phase) => sum + phase.ms, 0);
  const longest = Math.max(...list.map((phase) => phase.ms), 1);
  return html`<h3>${title}</h3><table class="phases"><thead class="visually-hidden"><tr><th scope="col">phase</th><th scope="col">share</th><th scope="col">time</th></tr></thead><tbody>${list.map((phase) => html`<tr><th scope="row">${phase.name}</th><td><svg viewBox="0 0 100 6" width="240" height="8" preserveAspectRatio="none" aria-hidden="true"><rect class="share" width="${Math.max((phase.ms / longest) * 100, 0.5).toFixed(1)}" height="6"/></svg></td><td class="amount">${millis(phase.ms)}</td></tr>`)}<tr class="sum"><th scope="row">sum</th><td></td><td class="amount">${millis(total)}</td></tr></tbody></table>`;
}
