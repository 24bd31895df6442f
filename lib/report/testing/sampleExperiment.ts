import type { AuditFact, EvidenceManifest, Intent, Probe, Tap, TimelineEvent } from '../../evidence/types.js';
import type { Copy, Counts, Delivery, Finding, Judgement, LeafCounts, Signature, Verdict } from '../../judge/types.js';
import { controlOf } from '../../run/controlName.js';
import { defaultTraits } from '../../testing/defaultLab.js';
import { planeName } from '../../dataplane/traits.js';
import { kindEntry, type KindId, type TagForm } from '../../wire/kinds.js';
import type { ExperimentDetails } from '../details.js';
import { faultStateAt } from '../faultState.js';
import type { TrialRecord } from '../../run/result.js';
import { hex, join, sampleFrame, samplePcap } from './frames.js';
import { SAMPLE_LEAVES, SAMPLE_PROFILE, sampleTopology } from './sampleTopology.js';
import { dice } from '../../dice.js';
import { sampleDelivery, type Behaviour } from './simulate.js';

export interface SampleScenario {
  readonly name: string;
  readonly source: string;
  readonly kinds: readonly KindId[];
  readonly forms: readonly TagForm[];
  readonly unplug: boolean;
  /** The leaves send, and nothing may come back. */
  readonly fromLeaves?: boolean;
  /** Probes per kind, sender and form. */
  readonly repeat: number;
}

export interface SampleOptions {
  readonly scenario: SampleScenario;
  readonly mode: string;
  readonly replicator: string;
  readonly intent: Intent;
  readonly behave: Behaviour;
  /** Leaf whose capture has no proof of life. */
  readonly deafLeaf?: string;
  readonly blocked?: string;
  /** Put into names and reasons, to prove that they are escaped. */
  readonly senderName?: string;
}

const MS = 1_000_000n;
const OPEN = 1_794_000_000_000_000_000n;

export function sampleExperiment(
  options: SampleOptions,
  index: number,
): { readonly result: TrialRecord; readonly details: ExperimentDetails } {
  const { scenario, mode } = options;
  const random = dice(index + 1);
  const open = OPEN + BigInt(index) * 2_000n * MS;
  const timeline = scenario.unplug ? unplugTimeline(open) : [];
  const probes = options.blocked === undefined ? sampleProbes(scenario, open, options.senderName) : [];
  const topology = sampleTopology(mode);
  const plane = defaultTraits(mode);
  const id = `${String(index).padStart(3, '0')}-${scenario.name.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}-${mode}${options.intent.type === 'control' ? `-${controlOf(options.intent)?.name ?? ''}` : ''}`;
  const taps: readonly Tap[] = SAMPLE_LEAVES.map((leaf, tap) => ({
    name: leaf,
    role: 'leaf',
    node: leaf,
    port: 'host',
    direction: 'in',
    leg: `leg-${leaf.slice(-1)}`,
    file: `${leaf}.pcap`,
    record: {
      command: [
        'tcpdump',
        '-i',
        'host',
        '-Q',
        'in',
        '--immediate-mode',
        '-U',
        '-s',
        '256',
        '-B',
        '16384',
        '-w',
        `${leaf}.pcap`,
      ],
      ready:
        leaf === options.deafLeaf ? null : 'listening on host, link-type EN10MB (Ethernet), snapshot length 256 bytes',
      canaryBefore: 900_000 + tap,
      canaryAfter: 910_000 + tap,
      fence: 920_000 + tap,
      receivedByFilter: probes.length + 3,
      droppedByKernel: 0,
      droppedByInterface: 0,
      portDrops: 0,
    },
  }));
  const audit: readonly AuditFact[] = [
    { name: 'bond mode', ok: true, value: mode, command: 'ovs-vsctl get port bond0 bond_mode' },
    {
      name: 'flows in place',
      ok: options.replicator !== 'none',
      value: options.replicator === 'none' ? 'none' : '6 of 6',
      command: 'ovs-ofctl -O OpenFlow13 dump-flows br0',
    },
  ];
  const manifest: EvidenceManifest = {
    schema: 1,
    scenario: scenario.name,
    intent: options.intent,
    testbed: 'netns',
    dataplane: planeName(plane),
    plane,
    replicator: options.replicator,
    topology,
    profile: SAMPLE_PROFILE,
    salt: 77,
    window: { openNs: String(open), closeNs: String(open + 1_400n * MS) },
    lateBandNs: 20_000_000,
    edgeBandNs: 5_000_000,
    taps,
    timeline,
    macTables: [],
    audit,
    skips: [],
    blocked: options.blocked ?? null,
    environment: { kernel: '6.18.0', 'ovs-vswitchd': '3.1.0' },
    phases: [
      { name: 'lab up', ms: 214 + (index % 40) },
      { name: 'arm captures', ms: 41 },
      { name: 'probes', ms: 130 + probes.length },
      { name: 'fences', ms: 12 },
      { name: 'lab down', ms: 63 },
    ],
  };
  const { deliveries, captures } = deliver(manifest, probes, options, random);
  const judgement = sampleJudgement(manifest, deliveries, options);
  const durationMs = manifest.phases.reduce((sum, phase) => sum + phase.ms, 0);
  return {
    result: {
      id,
      scenario: scenario.name,
      source: scenario.source,
      dataplane: manifest.dataplane,
      plane: manifest.plane,
      replicator: options.replicator,
      intent: options.intent,
      verdict: judgement.verdict,
      reasons: judgement.reasons,
      judgement,
      durationMs,
      error: null,
    },
    details: { manifest, probes, captures },
  };
}

function unplugTimeline(open: bigint): readonly TimelineEvent[] {
  const edge = (leg: string, state: 'up' | 'down', verb: string, atMs: bigint): TimelineEvent => ({
    type: 'leg',
    leg,
    state,
    verb,
    fromNs: String(open + atMs * MS),
    toNs: String(open + (atMs + 3n) * MS),
  });
  return [
    edge('leg-a', 'down', 'unplug', 300n),
    edge('leg-a', 'up', 'plug', 600n),
    edge('leg-b', 'down', 'unplug', 800n),
    edge('leg-b', 'up', 'plug', 1_050n),
    { type: 'mark', text: 'fences sent', fromNs: String(open + 1_380n * MS), toNs: String(open + 1_381n * MS) },
  ];
}

function sampleProbes(scenario: SampleScenario, open: bigint, senderName: string | undefined): readonly Probe[] {
  const probes: Probe[] = [];
  const senders: readonly { readonly node: string; readonly mac: string }[] =
    scenario.fromLeaves === true
      ? SAMPLE_LEAVES.map((leaf) => ({ node: leaf, mac: '02:00:00:00:00:fe' }))
      : sampleTopology('active-backup').vms;
  // With a fault the same probes are sent in each part of the timeline, clear of its edges.
  const starts = scenario.unplug ? [60n, 380n, 680n, 860n, 1_130n] : [60n];
  for (const start of starts) {
    let at = open + start * MS;
    for (const kind of scenario.kinds)
      for (const form of scenario.forms)
        for (let n = 0; n < scenario.repeat; n++)
          for (const vm of senders) {
            const id = probes.length + 1;
            at += 700_000n;
            probes.push({
              id,
              kind,
              namedBy: 'token',
              sender: senderName ?? vm.node,
              group: kindEntry(kind).family,
              sentNs: String(at),
              frame: Buffer.from(sampleFrame(kind, vm.mac, 'untagged', id)).toString('hex'),
              wireTags: form === 'tagged' ? [{ tpid: 0x8100, vid: 10, pcp: 0, dei: false }] : [],
            });
          }
  }
  return probes;
}

function deliver(
  manifest: EvidenceManifest,
  probes: readonly Probe[],
  options: SampleOptions,
  random: () => number,
): { deliveries: readonly Delivery[]; captures: Readonly<Record<string, Uint8Array>> } {
  const planned = probes.map((probe) => {
    const deadLegs = faultStateAt(manifest, BigInt(probe.sentNs)).deadLegs;
    const dead = SAMPLE_LEAVES.filter((leaf) => deadLegs.includes(`leg-${leaf.slice(-1)}`));
    return {
      probe,
      dead,
      copies: options.behave(probe, dead, random).filter((copy) => copy.leaf !== options.deafLeaf),
    };
  });
  const captures: Record<string, Uint8Array> = {};
  const placed = new Map<string, Copy>();
  for (const leaf of SAMPLE_LEAVES) {
    const frames = planned
      .flatMap(({ probe, copies }) =>
        copies.flatMap((copy, position) =>
          copy.leaf === leaf
            ? [
                {
                  key: `${String(probe.id)}/${String(position)}`,
                  differences: copy.differences,
                  tNs: BigInt(probe.sentNs) + BigInt(copy.delayNs),
                  bytes: wire(probe, copy.differences.length > 0),
                },
              ]
            : [],
        ),
      )
      .sort((a, b) => (a.tNs < b.tNs ? -1 : 1));
    const pcap = samplePcap(frames);
    captures[`${leaf}.pcap`] = pcap.bytes;
    frames.forEach((frame, at) =>
      placed.set(frame.key, { tNs: String(frame.tNs), offset: pcap.offsets[at] ?? 0, differences: frame.differences }),
    );
  }
  const deliveries = planned.map(({ probe, dead, copies }) => {
    const delivery = sampleDelivery(
      probe,
      copies.flatMap((copy, position) => {
        const seen = placed.get(`${String(probe.id)}/${String(position)}`);
        return seen === undefined ? [] : [{ ...copy, copy: seen }];
      }),
      dead,
    );
    if (options.deafLeaf === undefined) return delivery;
    const leaves = { ...delivery.leaves, [options.deafLeaf]: { outcome: 'unknown' as const, copies: [] } };
    return { ...delivery, leaves, verdict: 'inconclusive' as const };
  });
  return { deliveries, captures };
}

function wire(probe: Probe, wrongSource: boolean): Uint8Array {
  const sent = hex(probe.frame);
  const source = wrongSource ? hex('020000000301') : sent.subarray(6, 12);
  const tag = probe.wireTags.length > 0 ? hex('8100000a') : new Uint8Array();
  return join(sent.subarray(0, 6), source, tag, sent.subarray(12));
}

export function sumCounts(deliveries: readonly Delivery[]): Counts {
  const outcomes = deliveries.flatMap((delivery) => Object.values(delivery.leaves).map((leaf) => leaf.outcome));
  const count = (outcome: string): number => outcomes.filter((other) => other === outcome).length;
  const due = deliveries.filter((delivery) => delivery.duty === 'replicated');
  const reflected = deliveries.filter((delivery) => isReflection(delivery)).length;
  const data = deliveries.filter((delivery) => delivery.duty === 'single');
  return {
    probes: due.length,
    delivered: due.filter((delivery) => delivery.verdict === 'pass').length,
    missing: count('missing'),
    duplicate: count('duplicate'),
    late: count('late'),
    altered: count('altered'),
    unexpected: count('unexpected') - reflected,
    inBand: count('in-band'),
    dataFrames: data.length,
    dataDuplicated: data.filter(
      (delivery) => Object.values(delivery.leaves).filter((leaf) => leaf.copies.length > 0).length > 1,
    ).length,
    reflected,
  };
}

function sampleJudgement(
  manifest: EvidenceManifest,
  deliveries: readonly Delivery[],
  options: SampleOptions,
): Judgement {
  const findings = findingsOf(deliveries, manifest, options);
  const totals = sumCounts(deliveries);
  const kinds = Object.fromEntries(
    [...new Set(deliveries.map((delivery) => delivery.kind))].map((kind) => [
      kind,
      sumCounts(deliveries.filter((delivery) => delivery.kind === kind)),
    ]),
  );
  const skews = deliveries
    .flatMap((delivery) => (delivery.skewNs === null ? [] : [delivery.skewNs]))
    .sort((a, b) => a - b);
  const at = (share: number): number => skews[Math.min(skews.length - 1, Math.floor(skews.length * share))] ?? 0;
  const worst = (['fail', 'inconclusive', 'blocked'] as const).find((verdict) =>
    findings.some((finding) => finding.verdict === verdict),
  );
  const verdict: Verdict = worst ?? 'pass';
  return {
    verdict,
    profile: manifest.profile.name,
    leaves: SAMPLE_LEAVES,
    window: { fromNs: manifest.window.openNs, toNs: manifest.window.closeNs },
    totals,
    byLeaf: Object.fromEntries(SAMPLE_LEAVES.map((leaf) => [leaf, leafCounts(deliveries, leaf)])),
    kinds,
    skew: skews.length === 0 ? null : { p50Ns: at(0.5), p99Ns: at(0.99), maxNs: at(1) },
    clock: {},
    certificates: Object.fromEntries(
      SAMPLE_LEAVES.map((leaf) => [
        leaf,
        {
          valid: leaf !== options.deafLeaf,
          problems:
            leaf === options.deafLeaf
              ? ['tcpdump never said that it listens', 'canary before the probes was not seen']
              : [],
          frames: leaf === options.deafLeaf ? 0 : deliveries.length + 3,
          drops: 0,
          firstNs: manifest.window.openNs,
          lastNs: manifest.window.closeNs,
        },
      ]),
    ),
    findings,
    reasons: findings.filter((finding) => finding.verdict !== 'note').map((finding) => finding.sentence),
    deliveries,
    background: { 'data-mdns': { 'leaf-a': 0, 'leaf-b': 1 } },
  };
}

function findingsOf(
  deliveries: readonly Delivery[],
  manifest: EvidenceManifest,
  options: SampleOptions,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (manifest.blocked !== null)
    findings.push({
      property: 'validity',
      signature: 'blocked',
      verdict: 'blocked',
      count: 1,
      probes: [],
      sentence: manifest.blocked,
    });
  if (options.deafLeaf !== undefined) {
    findings.push({
      property: 'validity',
      signature: 'no-proof-of-life',
      verdict: 'inconclusive',
      leaf: options.deafLeaf,
      count: 1,
      probes: [],
      sentence: `the capture on ${options.deafLeaf} never proved that it was alive, so nothing is claimed of it`,
    });
  }
  const groups = new Map<string, { signature: Signature; leaf: string; list: Delivery[] }>();
  for (const delivery of deliveries)
    for (const leaf of SAMPLE_LEAVES) {
      const signature = signatureOf(delivery, leaf);
      if (signature === null) continue;
      const key = `${delivery.kind}/${delivery.sender}/${leaf}/${signature}`;
      const group = groups.get(key) ?? { signature, leaf, list: [] };
      group.list.push(delivery);
      groups.set(key, group);
    }
  for (const { signature, leaf, list } of groups.values()) {
    const [first] = list;
    if (first === undefined) continue;
    const of = deliveries.filter((delivery) => delivery.kind === first.kind && delivery.sender === first.sender).length;
    findings.push({
      property: 'P1',
      signature,
      verdict: 'fail',
      leaf,
      kind: first.kind,
      sender: first.sender,
      count: list.length,
      of,
      probes: list.map((delivery) => delivery.probe),
      sentence: `${leaf}: ${VERBS[signature] ?? signature} ${String(list.length)} of ${String(of)} ${kindEntry(first.kind).title} frames from ${first.sender}`,
    });
  }
  if (options.scenario.unplug && manifest.blocked === null) {
    findings.push({
      property: 'P8',
      signature: 'missing',
      verdict: 'note',
      count: 1,
      probes: [],
      sentence: 'every leaf saw neighbor frames again 41.2 ms after leg-a came back, 38.7 ms after leg-b',
    });
  }
  return findings;
}

const VERBS: Readonly<Partial<Record<Signature, string>>> = {
  missing: 'never saw',
  duplicate: 'saw more than once',
  identity: 'saw altered',
  'data-replicated': 'saw a second copy of',
  'copy-to-dead-leg': 'saw on a dead leg',
  reflection: 'got back from another leaf',
};

function signatureOf(delivery: Delivery, leaf: string): Signature | null {
  const outcome = delivery.leaves[leaf]?.outcome;
  if (outcome === 'missing' || outcome === 'duplicate' || outcome === 'late') return outcome;
  if (outcome === 'altered') return 'identity';
  if (outcome === 'unexpected' && isReflection(delivery)) return 'reflection';
  if (outcome === 'unexpected') return delivery.duty === 'single' ? 'data-replicated' : 'copy-to-dead-leg';
  return null;
}

function isReflection(delivery: Delivery): boolean {
  return (
    SAMPLE_LEAVES.some((leaf) => leaf === delivery.sender) &&
    Object.values(delivery.leaves).some((leaf) => leaf.outcome === 'unexpected')
  );
}

function leafCounts(deliveries: readonly Delivery[], leaf: string): LeafCounts {
  const count = (outcome: string): number =>
    deliveries.filter((delivery) => delivery.leaves[leaf]?.outcome === outcome).length;
  return {
    missing: count('missing'),
    duplicate: count('duplicate'),
    late: count('late'),
    altered: count('altered'),
    unexpected: count('unexpected'),
  };
}
