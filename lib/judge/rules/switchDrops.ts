import type { EvidenceManifest, TrafficHistory } from '../../evidence/types.js';
import type { Finding, Signature } from '../types.js';
import { some } from '../tell/phrasing.js';

/** What a lab lost outside of every capture. */
type Drops = NonNullable<EvidenceManifest['switchDrops']>;

/** Each lost frame explains one missing probe, and no more. */
const OF_PROBES: readonly Signature[] = ['missing', 'missing-inbound', 'missing-on-host', 'data-lost'];
/** One lost answer may end an entry, and so a route, and so every later packet on it. */
const OF_TABLES: readonly Signature[] = ['table-lost', 'route-missing', 'traffic-lost'];

const sum = (drops: Drops): number => drops.reduce((all, { dropped }) => all + dropped, 0);

/**
 * Takes back findings that can also be explained by frames that a switch lost before it read them, or by packets for
 * which a receiver had no room. `hosts`: the nodes of the hosts. Missing probes beyond the number of frames that the host's switch lost still count.
 * Where the host's switch lost anything, it is unknown what else would have come out; a leaf's tap has seen each frame
 * before the leaf's switch could lose it.
 */
export function doubtful(
  findings: readonly Finding[],
  hosts: readonly string[],
  switches: Drops,
  traffic: TrafficHistory | undefined,
): readonly Finding[] {
  const inHost = sum(switches.filter(({ node }) => hosts.includes(node)));
  const anywhere = sum(switches);
  const receivers = sum(traffic?.receiverDrops ?? []);
  const absent = findings.filter(({ signature }) => OF_PROBES.includes(signature));
  // A finding may count more than it names.
  const probes = Math.max(
    new Set(absent.flatMap((finding) => finding.probes)).size,
    ...absent.map(({ count }) => count),
  );
  const explained = ({ signature }: Finding): boolean =>
    (OF_PROBES.includes(signature) && probes <= inHost) ||
    (OF_TABLES.includes(signature) && anywhere > 0) ||
    (signature === 'traffic-lost' && receivers > 0);
  const weakened = findings.map((finding) =>
    finding.verdict === 'fail' && explained(finding) ? { ...finding, verdict: 'inconclusive' as const } : finding,
  );
  if (inHost === 0 && weakened.every((finding, at) => finding === findings[at])) return findings;
  const lost = [
    ...switches
      .filter(({ dropped }) => dropped > 0)
      .map(
        ({ node, dropped }) =>
          `the switch of ${node} lost ${some(dropped, 'frame')} before it read ${dropped === 1 ? 'it' : 'them'}`,
      ),
    ...(traffic?.receiverDrops ?? [])
      .filter(({ dropped }) => dropped > 0)
      .map(({ node, dropped }) => `${node} had no room for ${some(dropped, 'packet')} that reached it`),
  ];
  return [
    ...weakened,
    {
      property: 'validity',
      signature: 'drops',
      verdict: 'inconclusive',
      count: anywhere + receivers,
      probes: [],
      sentence: `The machine was too busy: ${lost.join('; ')}. What did not come may be that.`,
    },
  ];
}
