import type { ReportDetails } from '../details.js';
import type { Finding, Signature } from '../../judge/types.js';
import type { RunReport } from '../../run/result.js';
import { html, type Markup } from './markup.js';
import { trafficSvg } from './trafficSvg.js';

const OF_TRAFFIC: readonly Signature[] = ['traffic-lost', 'route-missing', 'table-lost', 'traffic'];

/** Duplicates of a client's packets have no kind: those with a kind are a sender's own frames. */
const isOfTraffic = ({ signature, kind }: Finding): boolean =>
  OF_TRAFFIC.includes(signature) || (signature === 'data-replicated' && kind === undefined);

/**
 * What leaf tables, host routes and a far client showed, where a fabric was tried; also for the broken replicators,
 * which cause this outage.
 */
export function trafficSection(run: RunReport, details: ReportDetails): Markup | null {
  const figures = run.experiments.flatMap((experiment) => {
    const detail = details.experiment(experiment.id);
    if (detail?.traffic === undefined) return [];
    const findings = (experiment.judgement?.findings ?? []).filter(isOfTraffic);
    return [
      html`<figure class="timeline"><figcaption><b>${experiment.replicator}, ${experiment.dataplane}</b> ${experiment.scenario}</figcaption>
<div class="scroll" role="region" tabindex="0" aria-label="outage of ${experiment.replicator}, ${experiment.dataplane}">${trafficSvg({ traffic: detail.traffic, neighbors: detail.neighbors, deliveries: experiment.judgement?.deliveries ?? [], leaves: detail.manifest.topology.leaves.map((leaf) => leaf.name) })}</div>
${findings.length === 0 ? html`<p class="note">Nothing was lost.</p>` : html`<ul class="recovery">${findings.map((finding) => html`<li>${finding.sentence}</li>`)}</ul>`}</figure>`,
    ];
  });
  if (figures.length === 0) return null;
  return html`<section id="traffic" aria-labelledby="traffic-title"><h2 id="traffic-title">The outage, from the missing copy to the lost packet</h2>
<p class="lead">For each leaf: a red tick is a neighbor frame that never came, a cross is an entry that aged out, a green line is a host route that the spine has over this leaf. Below: packets of the client that never arrived. The shaded time is a planned outage.</p>
${figures}</section>`;
}
