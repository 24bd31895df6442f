import type { Copy, Delivery, LeafDelivery, Outcome, Signature } from '../../judge/types.js';
import type { Probe } from '../../evidence/types.js';
import { kindEntry, type KindId } from '../../wire/kinds.js';
import { SAMPLE_LEAVES } from './sampleTopology.js';

/** One copy that a pretended replicator put on a leaf. */
export interface SampleCopy {
  readonly leaf: string;
  readonly delayNs: number;
  readonly differences: readonly string[];
}

/** Where a pretended replicator sends a probe; `dead` are leaves whose leg is down. */
export type Behaviour = (probe: Probe, dead: readonly string[], random: () => number) => readonly SampleCopy[];

const hashed = (probe: Probe): (typeof SAMPLE_LEAVES)[number] =>
  SAMPLE_LEAVES[probe.id % SAMPLE_LEAVES.length] ?? 'leaf-a';
const one = (leaf: string, delayNs: number, differences: readonly string[] = []): SampleCopy => ({
  leaf,
  delayNs,
  differences,
});
const delay = (random: () => number): number => 18_000 + Math.floor(random() * 30_000);

export function mustReplicate(kind: KindId): boolean {
  return kindEntry(kind).expected === 'one-each';
}

export const faithful: Behaviour = (probe, dead, random) => {
  if (fromLeaf(probe)) return [];
  const live = SAMPLE_LEAVES.filter((leaf) => !dead.includes(leaf));
  if (!mustReplicate(probe.kind)) {
    const chosen = hashed(probe);
    return [one(live.includes(chosen) ? chosen : (live[0] ?? chosen), delay(random))];
  }
  const base = delay(random);
  return live.map((leaf, index) => one(leaf, base + index * (4_000 + Math.floor(random() * 9_000))));
};

const single: Behaviour = (probe, dead, random) => {
  if (fromLeaf(probe)) return [];
  const chosen = dead.includes(hashed(probe)) ? SAMPLE_LEAVES.find((leaf) => !dead.includes(leaf)) : hashed(probe);
  return chosen === undefined ? [] : [one(chosen, delay(random))];
};

const fromLeaf = (probe: Probe): boolean => SAMPLE_LEAVES.some((leaf) => leaf === probe.sender);

const unless =
  (predicate: (probe: Probe) => boolean, broken: Behaviour): Behaviour =>
  (probe, dead, random) =>
    (predicate(probe) ? broken : faithful)(probe, dead, random);

const family = (probe: Probe): string => kindEntry(probe.kind).family;

/** A mutant or a tamper of the sample run: what is wrong, what must be reported, and how frames behave. */
interface SampleControl {
  readonly name: string;
  readonly description: string;
  readonly mustShow: readonly Signature[];
  readonly behave: Behaviour;
}

export const SAMPLE_MUTANTS: readonly SampleControl[] = [
  { name: 'off', description: 'No replication: the bond hashes every frame.', mustShow: ['missing'], behave: single },
  {
    name: 'first-leg-only',
    description: 'Neighbor frames leave on the first leg only.',
    mustShow: ['missing'],
    behave: unless(
      (probe) => mustReplicate(probe.kind) && !fromLeaf(probe),
      (_probe, dead, random) => (dead.includes('leaf-a') ? [] : [one('leaf-a', delay(random))]),
    ),
  },
  {
    name: 'group-and-normal',
    description: 'The group is followed by NORMAL, so one leaf gets two copies.',
    mustShow: ['duplicate'],
    behave: unless(
      (probe) => mustReplicate(probe.kind) && !fromLeaf(probe),
      (probe, dead, random) => [...faithful(probe, dead, random), ...single(probe, dead, random)],
    ),
  },
  {
    name: 'no-in-port',
    description: 'The rule matches frames from any port: what one leaf sends emerges at the other.',
    mustShow: ['reflection'],
    behave: unless(
      (probe) => fromLeaf(probe),
      (probe, _dead, random) =>
        SAMPLE_LEAVES.filter((leaf) => leaf !== probe.sender).map((leaf) => one(leaf, delay(random))),
    ),
  },
  {
    name: 'all-icmpv6',
    description: 'Every ICMPv6 message is replicated, echo and RS as well.',
    mustShow: ['data-replicated'],
    behave: unless(
      (probe) => probe.kind === 'data-echo6' || probe.kind === 'rs',
      (_probe, dead, random) =>
        SAMPLE_LEAVES.filter((leaf) => !dead.includes(leaf)).map((leaf) => one(leaf, delay(random))),
    ),
  },
  {
    name: 'arp-only',
    description: 'Only ARP is replicated.',
    mustShow: ['missing'],
    behave: unless((probe) => family(probe) === 'nd', single),
  },
  {
    name: 'requests-only',
    description: 'Only requests are replicated; answers are hashed.',
    mustShow: ['missing'],
    behave: unless((probe) => probe.kind.includes('reply') || probe.kind.startsWith('na-'), single),
  },
  {
    name: 'broadcast-only',
    description: 'Only frames to a group address are replicated.',
    mustShow: ['missing'],
    behave: unless((probe) => probe.kind.endsWith('unicast') || probe.kind === 'na-solicited', single),
  },
  {
    name: 'untagged-only',
    description: 'Tagged frames are hashed.',
    mustShow: ['missing'],
    behave: unless((probe) => probe.wireTags.length > 0, single),
  },
  {
    name: 'replicate-all',
    description: 'Every frame is replicated.',
    mustShow: ['data-replicated'],
    behave: (probe, dead, random) =>
      (fromLeaf(probe) ? [] : SAMPLE_LEAVES)
        .filter((leaf) => !dead.includes(leaf))
        .map((leaf) => one(leaf, delay(random))),
  },
  {
    name: 'slave-source-mac',
    description: 'Copies carry the MAC of the uplink.',
    mustShow: ['identity'],
    behave: unless(
      (probe) => mustReplicate(probe.kind) && !fromLeaf(probe),
      (probe, dead, random) =>
        faithful(probe, dead, random).map((copy, index) =>
          index === 0 ? copy : { ...copy, differences: ['source MAC'] },
        ),
    ),
  },
  {
    name: 'stale-liveness',
    description: 'A leg that is down still gets copies.',
    mustShow: ['copy-to-dead-leg'],
    behave: unless(
      (probe) => mustReplicate(probe.kind) && !fromLeaf(probe),
      (_probe, _dead, random) => SAMPLE_LEAVES.map((leaf) => one(leaf, delay(random))),
    ),
  },
];

/** The judge of the sample run: just enough for consistent numbers, and deliberately not the real one. */
export function sampleDelivery(
  probe: Probe,
  copies: readonly (SampleCopy & { readonly copy: Copy })[],
  dead: readonly string[],
): Delivery {
  const never = fromLeaf(probe);
  const replicated = !never && mustReplicate(probe.kind);
  const leaves: Record<string, LeafDelivery> = {};
  for (const leaf of SAMPLE_LEAVES) {
    const here = copies.filter((copy) => copy.leaf === leaf);
    leaves[leaf] = {
      outcome: never
        ? here.length > 0
          ? 'unexpected'
          : 'not-expected'
        : outcomeOf(here, replicated, dead.includes(leaf), copies.length, copies[0]?.leaf === leaf),
      copies: here.map((copy) => copy.copy),
    };
  }
  const bad: readonly Outcome[] = ['missing', 'duplicate', 'late', 'altered', 'unexpected'];
  const times = copies.map((copy) => copy.delayNs);
  return {
    probe: probe.id,
    kind: probe.kind,
    sender: probe.sender,
    group: probe.group,
    form: probe.wireTags.length > 0 ? 'tagged' : 'untagged',
    duty: never ? 'unjudged' : replicated ? 'replicated' : 'single',
    sentNs: probe.sentNs,
    leaves,
    verdict: Object.values(leaves).some((leaf) => bad.includes(leaf.outcome)) ? 'fail' : 'pass',
    skewNs: replicated && times.length > 1 ? Math.max(...times) - Math.min(...times) : null,
  };
}

function outcomeOf(
  here: readonly SampleCopy[],
  replicated: boolean,
  dead: boolean,
  total: number,
  first: boolean,
): Outcome {
  if (here.length > 1) return 'duplicate';
  if (here.length === 0) return dead || (!replicated && total > 0) ? 'not-expected' : 'missing';
  if (dead || (!replicated && !first)) return 'unexpected';
  return (here[0]?.differences.length ?? 0) > 0 ? 'altered' : 'delivered';
}

export const SAMPLE_TAMPERS: readonly SampleControl[] = [
  {
    name: 'lose-on-one-leg',
    description: 'Neighbor frames never leave on one leg.',
    mustShow: ['missing'],
    behave: unless(
      (probe) => mustReplicate(probe.kind) && !fromLeaf(probe),
      (probe, dead, random) => faithful(probe, dead, random).filter(({ leaf }) => leaf !== 'leaf-a'),
    ),
  },
];
