import { topologySvg } from '../../topology/svg.js';
import type { Topology } from '../../topology/model.js';
import type { ReportDetails } from '../details.js';
import { ALL_UP, faultStateAt, legEvents, type FaultState } from '../faultState.js';
import type { RunReport } from '../../run/result.js';
import { html, trusted, type Markup } from './markup.js';
import { faultEvents } from '../timelineSpans.js';
import { timelineSvg } from './timelineSvg.js';

/** More fault states than this would only repeat the picture. */
const PICTURES = 5;
const OPEN_TIMELINES = 3;

/** The wiring, intact and with each dead leg of this run. */
export function wiringSection(run: RunReport, details: ReportDetails): Markup {
  const evidence = run.experiments.flatMap((experiment) => {
    const detail = details.experiment(experiment.id);
    return detail === null ? [] : [detail];
  });
  const [first] = evidence;
  if (first === undefined)
    return html`<section id="wiring" aria-labelledby="wiring-title"><h2 id="wiring-title">Wiring</h2><p class="empty">No experiment left evidence, so the wiring is not known here.</p></section>`;
  // Each picture shows the topology in which that leg died: experiments of one run may have different ones.
  const states = new Map<string, { readonly state: FaultState; readonly topology: Topology }>([
    [ALL_UP.key, { state: ALL_UP, topology: first.manifest.topology }],
  ]);
  for (const { manifest } of evidence)
    for (const event of legEvents(manifest)) {
      const state = faultStateAt(manifest, BigInt(event.toNs));
      if (state.deadLegs.length > 0 && !states.has(state.key))
        states.set(state.key, { state, topology: manifest.topology });
    }
  const shown = [...states.values()].slice(0, PICTURES);
  return html`<section id="wiring" aria-labelledby="wiring-title"><h2 id="wiring-title">Wiring</h2>
<div class="pictures">${shown.map(({ state, topology }) => html`<figure><div class="picture">${trusted(topologySvg(topology, { deadLegs: state.deadLegs }))}</div><figcaption>${state.title}</figcaption></figure>`)}</div>
${states.size > shown.length ? html`<p class="note">${states.size - shown.length} more fault states are in the timelines.</p>` : null}</section>`;
}

/** When legs went down and came back, with the probes of that time and the measured recovery. */
export function timelineSection(run: RunReport, details: ReportDetails): Markup | null {
  const figures = run.experiments.flatMap((experiment) => {
    const detail = details.experiment(experiment.id);
    if (detail === null || experiment.intent.type === 'control' || faultEvents(detail.manifest).length === 0) return [];
    const marks = detail.manifest.timeline.filter((event) => event.type === 'mark');
    const recovery = (experiment.judgement?.findings ?? []).filter(
      (finding) => finding.property === 'P8' || finding.property === 'P14',
    );
    return [
      html`<figure class="timeline"><figcaption><b>${experiment.dataplane}</b> ${experiment.scenario}</figcaption>
<div class="scroll" role="region" tabindex="0" aria-label="timeline of ${experiment.scenario}, ${experiment.dataplane}">${timelineSvg(detail.manifest, experiment.judgement?.deliveries ?? [])}</div>
${marks.length === 0 ? null : html`<ol class="marks">${marks.map((mark) => html`<li>${mark.text}</li>`)}</ol>`}
${recovery.length === 0 ? null : html`<ul class="recovery">${recovery.map((finding) => html`<li>${finding.sentence}</li>`)}</ul>`}</figure>`,
    ];
  });
  if (figures.length === 0) return null;
  return html`<section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline of faults</h2>
<p class="lead">A bar is a leg that works, a dashed gap is a leg without carrier, a pale bar has carrier but a fault. The line below shows the bond's view: solid while it uses the leg. Below are the leaves: a tick is a copy that came, a cross one that is wrong, a short tick fell into a band, a dot was not due. The shaded time around an edge is the band in which nothing is claimed.</p>
${figures.slice(0, OPEN_TIMELINES)}
${figures.length > OPEN_TIMELINES ? html`<details class="more"><summary>${figures.length - OPEN_TIMELINES} more timelines</summary>${figures.slice(OPEN_TIMELINES)}</details>` : null}</section>`;
}
