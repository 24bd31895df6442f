import type { RunReport } from '../../run/result.js';
import { phases } from './experimentsSection.js';
import { html, type Markup } from './markup.js';

export function phasesSection(run: RunReport): Markup | null {
  if (run.phases.length === 0) return null;
  return html`<section id="phases" aria-labelledby="phases-title"><h2 id="phases-title">Where the time went</h2>${phases('Of the whole run', run.phases)}</section>`;
}

export function environmentSection(run: RunReport): Markup {
  const entries = Object.entries(run.environment);
  return html`<section id="environment" aria-labelledby="environment-title"><h2 id="environment-title">Environment</h2>
${entries.length === 0 ? html`<p class="empty">Nothing was recorded.</p>` : html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}</section>`;
}

/** What could not be tried here, with the command that showed it: a skip is never a pass. */
export function skipsSection(run: RunReport): Markup {
  return html`<section id="skips" aria-labelledby="skips-title"><h2 id="skips-title">Skipped: what this machine cannot do</h2>
${run.skips.length === 0 ? html`<p class="empty">Nothing was skipped.</p>` : html`<div class="scroll" role="region" tabindex="0" aria-labelledby="skips-title"><table class="plain-table"><thead><tr><th scope="col">what</th><th scope="col">command that showed it</th><th scope="col">what it said</th></tr></thead><tbody>${run.skips.map((skip) => html`<tr><th scope="row">– ${skip.what}</th><td><code>${skip.command}</code></td><td><code>${skip.output}</code></td></tr>`)}</tbody></table></div>`}</section>`;
}

export function repeatSection(run: RunReport): Markup {
  return html`<section id="repeat" aria-labelledby="repeat-title"><h2 id="repeat-title">How to repeat it</h2>
<pre class="command">${run.command}</pre>
${run.experiments.length === 0 || run.evidence === '' ? null : html`<p>Evidence of every experiment, to be judged again anywhere and without privileges: <code>${run.evidence}/</code> beside this page. For one of them: <code>everyleaf judge ${run.evidence}/&lt;experiment&gt;</code></p>`}</section>`;
}
