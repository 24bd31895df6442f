import { VERDICT_SYMBOLS, verdictTone } from '../cellText.js';
import type { ReportDetails } from '../details.js';
import { buildMatrix } from '../matrix.js';
import type { RunReport } from '../../run/result.js';
import { calibrationSection } from './calibrationSection.js';
import { claimsSection } from './claimsSection.js';
import { environmentSection, phasesSection, repeatSection, skipsSection } from './closingSections.js';
import { controlsSection } from './controlsSection.js';
import { experimentsSection } from './experimentsSection.js';
import { createLadderBook } from './ladderBook.js';
import { html, trusted } from './markup.js';
import { matrixSection } from './matrixSection.js';
import { pageAssets } from './pageAssets.js';
import { recoverySection } from './recoverySection.js';
import { figuresSection, verdictSection } from './verdictSection.js';
import { trafficSection } from './trafficSection.js';
import { timelineSection, wiringSection } from './wiringSection.js';

/**
 * The whole report as one HTML file that loads nothing from elsewhere: it opens from disk, in light and dark, and on
 * paper. Everything shown comes from the run or its evidence.
 */
export function renderReport(run: RunReport, details: ReportDetails): string {
  const assets = pageAssets();
  const ladders = createLadderBook(details, run.evidence);
  const timeline = timelineSection(run, details);
  const traffic = trafficSection(run, details);
  const recovery = recoverySection(run);
  const claims = claimsSection(run);
  const calibration = calibrationSection(run, details);
  // Sections in page order: the ladder book fills while they are drawn.
  const body = [
    verdictSection(run),
    figuresSection(run),
    matrixSection(buildMatrix(run, details), ladders),
    claims,
    calibration,
    wiringSection(run, details),
    timeline,
    traffic,
    recovery,
    controlsSection(run),
    experimentsSection(run, details, ladders),
    phasesSection(run),
    environmentSection(run),
    skipsSection(run),
    repeatSection(run),
  ];
  const links: readonly (readonly [string, string])[] = [
    ['matrix', 'Matrix'],
    ...(claims === null ? [] : [['claims', 'Claims'] as const]),
    ...(calibration === null ? [] : [['calibration', 'Calibration'] as const]),
    ['wiring', 'Wiring'],
    ...(timeline === null ? [] : [['timeline', 'Timeline'] as const]),
    ...(traffic === null ? [] : [['traffic', 'Outage'] as const]),
    ...(recovery === null ? [] : [['recovery', 'Recovery'] as const]),
    ['controls', 'Controls'],
    ['experiments', 'Experiments'],
    ...(run.phases.length === 0 ? [] : [['phases', 'Time'] as const]),
    ['environment', 'Environment'],
    ['skips', 'Skipped'],
    ['repeat', 'Repeat'],
  ];
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${assets.scriptHash}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${VERDICT_SYMBOLS[run.verdict]} ${run.verdict}: ${run.replicator} on ${run.topology}, everyleaf ${run.run}</title>
<style>${trusted(assets.style)}</style>
</head>
<body>
<a class="skip-link" href="#matrix">Skip to the delivery matrix</a>
<header class="bar"><p class="mark"><a href="#verdict">everyleaf</a> <span class="badge tone-${verdictTone(run.verdict)}">${VERDICT_SYMBOLS[run.verdict]} ${run.verdict}</span></p><nav aria-label="sections">${links.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav></header>
<main>
${body}
</main>
<script type="application/json" id="ladder-data">${trusted(inlineJson(ladders.data()))}</script>
<script>${trusted(assets.script)}</script>
</body>
</html>
`.markup;
}

/** JSON that cannot end the element that holds it. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
