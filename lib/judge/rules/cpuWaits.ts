import type { CpuWait } from '../../evidence/types.js';
import type { TimeBase } from '../read/clock.js';
import { some } from '../tell/phrasing.js';
import type { Delivery, Finding } from '../types.js';

/** At least this share of a delay must be time that the switch waited: a replicator may have held the frame, too. */
const MOST_OF_IT = 0.5;

export interface CpuWaitsInput {
  readonly waits: readonly CpuWait[];
  readonly deliveries: readonly Delivery[];
  readonly base: TimeBase;
  readonly lateNs: number;
  readonly maxSkewNs: number;
}

/**
 * Takes back what is said of late copies, or copies too far apart, where the host's switch had no CPU: without that
 * time each of them would have been in time. One copy that this does not explain, and the finding stays.
 */
export function excusedByCpuWaits(
  findings: readonly Finding[],
  { waits, deliveries, base, lateNs, maxSkewNs }: CpuWaitsInput,
): readonly Finding[] {
  if (waits.length === 0 || !findings.some(isOfTime)) return findings;
  const spans = waits.map(({ fromNs, toNs, waitedNs }) => ({
    from: base.fromText(fromNs),
    to: base.fromText(toNs),
    waitedNs,
  }));
  /** Never more than this of the time between the two was waited. */
  const waited = (from: number, to: number): number =>
    spans.reduce((sum, span) => {
      const shared = Math.min(to, span.to) - Math.max(from, span.from);
      return shared <= 0 ? sum : sum + Math.min(shared, span.waitedNs);
    }, 0);
  const excuses = (from: number, to: number, allowedNs: number): boolean => {
    const wait = waited(from, to);
    return wait >= MOST_OF_IT * (to - from) && to - from - wait <= allowedNs;
  };
  const byProbe = new Map(deliveries.map((delivery) => [delivery.probe, delivery]));
  const isExcused = ({ signature, leaf, probes }: Finding): boolean =>
    probes.length > 0 &&
    probes.every((probe) => {
      const delivery = byProbe.get(probe);
      if (delivery === undefined) return false;
      const times = Object.entries(delivery.leaves)
        .filter(([name]) => signature === 'skew' || name === leaf)
        .flatMap(([, { copies }]) => copies.map(({ tNs }) => base.fromText(tNs)));
      return signature === 'late'
        ? excuses(base.fromText(delivery.sentNs), Math.max(...times), lateNs)
        : excuses(Math.min(...times), Math.max(...times), maxSkewNs);
    });
  const excused = findings.filter((finding) => finding.verdict === 'fail' && isOfTime(finding) && isExcused(finding));
  if (excused.length === 0) return findings;
  const probes = [...new Set(excused.flatMap((finding) => finding.probes))].sort((a, b) => a - b);
  const longest = Math.max(...spans.map(({ waitedNs }) => waitedNs));
  return [
    ...findings.map((finding) =>
      excused.includes(finding) ? { ...finding, verdict: 'inconclusive' as const } : finding,
    ),
    {
      property: 'validity',
      signature: 'no-cpu',
      verdict: 'inconclusive',
      count: probes.length,
      probes,
      sentence: `The machine was too busy: the host's switch waited for a CPU, up to ${Math.round(longest / 1e6)} ms at a time, while ${some(probes.length, 'frame')} that came late ${probes.length === 1 ? 'was' : 'were'} on the way.`,
    },
  ];
}

function isOfTime({ signature }: Finding): boolean {
  return signature === 'late' || signature === 'skew';
}
