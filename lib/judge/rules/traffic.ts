import type { TrafficHistory, TrafficStream } from '../../evidence/types.js';
import type { Finding } from '../types.js';
import { duration, listed, some } from '../tell/phrasing.js';

/** A planned change, and whether a packet that was sent then may be lost. */
type Outage = TrafficHistory['outages'][number] & { readonly covers: (sentNs: string) => boolean };

/**
 * Findings from what a client behind the spine saw: the effect of P13. @param beforeNs packets that were sent this long
 * before a planned outage may already be lost
 */
export function trafficFindings(traffic: TrafficHistory, beforeNs: number): Finding[] {
  const outages = traffic.outages.map((outage): Outage => ({
    ...outage,
    covers: (at) =>
      BigInt(outage.fromNs) - BigInt(Math.round(beforeNs)) <= BigInt(at) && BigInt(at) <= BigInt(outage.toNs),
  }));
  const findings: Finding[] = [];
  for (const stream of traffic.streams) {
    const outside = stream.lostNs.filter((at) => !outages.some(({ covers }) => covers(at)));
    if (outside.length > 0) findings.push(lossFinding(traffic, stream, outside));
    if (stream.duplicates > 0) {
      findings.push({
        property: 'P4',
        signature: 'data-replicated',
        verdict: 'fail',
        sender: stream.receiver,
        count: stream.duplicates,
        of: stream.sent,
        probes: [],
        sentence: `${some(stream.duplicates, 'packet')} from ${traffic.client} to ${stream.receiver} (${stream.ip}) came more than once: each of ${stream.sent} was sent once.`,
      });
    }
    if (stream.sent === 0) {
      findings.push({
        property: 'P13',
        signature: 'nothing-judged',
        verdict: 'inconclusive',
        sender: stream.receiver,
        count: 1,
        probes: [],
        sentence: `${traffic.client} sent nothing to ${stream.receiver} (${stream.ip}), so nothing is known about its reachability.`,
      });
    }
  }
  for (const ip of traffic.wanted) {
    const before = traffic.routes.filter((route) => route.ip === ip);
    const last = before.at(-1);
    const most = before.reduce<readonly string[]>((all, { leaves }) => (leaves.length > all.length ? leaves : all), []);
    const missing = leavesOf(traffic).filter((leaf) => !(last?.leaves ?? []).includes(leaf));
    if (last === undefined || missing.length > 0) {
      findings.push({
        property: 'P13',
        signature: 'route-missing',
        verdict: 'fail',
        count: missing.length,
        probes: [],
        ...(missing.length === 1 ? { leaf: missing[0] ?? '' } : {}),
        sentence:
          last === undefined
            ? `No leaf ever announced a host route for ${ip} to the spine.`
            : `At the end ${listed(missing)} ${missing.length === 1 ? 'does' : 'do'} not announce a host route for ${ip}: withdrawn ${duration(sinceStart(traffic, last.atNs))} into the stream${most.length === 0 ? '' : `, after ${listed(most)} had announced it`}.`,
      });
    }
  }
  for (const outage of outages) findings.push(outageNote(traffic, outage));
  return findings;
}

function leavesOf(traffic: TrafficHistory): readonly string[] {
  return [...new Set(traffic.routes.flatMap((route) => route.leaves))].sort();
}

function sinceStart(traffic: TrafficHistory, at: string): number {
  return Number(BigInt(at) - BigInt(traffic.fromNs));
}

function lossFinding(traffic: TrafficHistory, stream: TrafficStream, lost: readonly string[]): Finding {
  const first = lost[0] ?? traffic.fromNs;
  const last = lost.at(-1) ?? first;
  return {
    property: 'P13',
    signature: 'traffic-lost',
    verdict: 'fail',
    sender: stream.receiver,
    count: lost.length,
    of: stream.sent,
    probes: [],
    sentence: `${traffic.client} lost ${lost.length} of ${some(stream.sent, 'packet')} to ${stream.receiver} (${stream.ip}) outside of every planned outage: the first ${duration(sinceStart(traffic, first))} into the stream, the last ${duration(sinceStart(traffic, last))}.`,
  };
}

/** The measured figures of a planned change. */
function outageNote(traffic: TrafficHistory, { what, fromNs, covers }: Outage): Finding {
  const inside = traffic.streams.map((stream) => stream.lostNs.filter(covers));
  const count = inside.reduce((sum, lost) => sum + lost.length, 0);
  const lastLoss = inside
    .flat()
    .reduce<string | null>((latest, at) => (latest === null || at > latest ? at : latest), null);
  const after =
    lastLoss === null
      ? ''
      : `, the last of them sent ${duration(Math.max(0, Number(BigInt(lastLoss) - BigInt(fromNs))))} after it began`;
  return {
    property: 'P8',
    signature: 'traffic',
    verdict: 'note',
    count,
    probes: [],
    sentence: `${what}: ${traffic.client} lost ${some(count, 'packet')}${after}.`,
  };
}
