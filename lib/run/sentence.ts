import { caughtInWords, controlRows } from './controls.js';
import type { RunReport } from './result.js';

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** In figures; where the figures do not show what went wrong, the first reason. */
function whatIsWrong({ totals, experiments, reasons }: Omit<RunReport, 'sentence'>): string {
  const { probes, missing, duplicate, altered, dataDuplicated } = totals;
  const [first] = [
    ...experiments.flatMap((one) => (one.intent.type === 'qualify' && one.verdict === 'fail' ? one.reasons : [])),
    ...reasons,
  ];
  if (missing + duplicate + altered + dataDuplicated === 0 && first !== undefined) return first.replace(/\.$/, '');
  return `of ${probes} neighbor frames, ${missing} copies are missing, ${duplicate} duplicated and ${altered} altered; ${dataDuplicated} other frames were copied`;
}

/** The verdict of a run as one sentence for a release manager. */
export function sentenceOf(run: Omit<RunReport, 'sentence'>): string {
  const { replicator, totals, leaves, controls } = run;
  const made = controlRows(controls).length;
  const proof = made === 0 ? 'no controls were made' : caughtInWords(controls);
  const qualified = run.experiments.filter((one) => one.intent.type === 'qualify');
  const experiments = qualified.filter((one) => one.verdict !== 'skipped').length;
  const skipped = qualified.length - experiments;
  switch (run.verdict) {
    case 'pass':
      return `${replicator} works: each of ${totals.delivered} neighbor frames reached ${list(leaves)} exactly once, wherever it was due${totals.probes > totals.delivered ? ` (${totals.probes - totals.delivered} more were sent within the don't-care time of a fault)` : ''}, and none of ${totals.dataFrames} other frames was copied, in ${experiments} experiments${skipped === 0 ? '' : ` (${skipped} more could not be tried here)`}; ${proof}.`;
    case 'fail':
      return controls.survivors.length > 0 &&
        !run.experiments.some((one) => one.intent.type === 'qualify' && one.verdict === 'fail')
        ? `This run proves nothing about ${replicator}: ${controls.survivors.length} of ${made} things that were made wrong on purpose ${controls.survivors.length === 1 ? 'was' : 'were'} not noticed.`
        : `${replicator === 'none' ? 'A host without a replicator' : replicator} does not work: ${whatIsWrong(run)}; ${proof}.`;
    case 'inconclusive':
      return `Nothing can be said about ${replicator}: ${run.reasons[0] ?? 'no experiment was conclusive'}`;
    case 'blocked':
      return `${replicator} was not judged, because something broke before: ${run.reasons[0] ?? 'see the experiments'}`;
    case 'skipped':
      return run.experiments.length === 0
        ? `Nothing ran, so nothing is known about ${replicator}.`
        : `Nothing could be tried here, so nothing is known about ${replicator}: ${run.reasons[0] ?? 'see the skips'}`;
  }
}
