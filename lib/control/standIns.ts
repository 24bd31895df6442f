/**
 * Mutants of Open vSwitch, and tampers of which each makes the judge find the same in a scenario that names both: there
 * a run tries the tamper only, which is at work on every data plane and behind the user's own replicator. A run of
 * everything (`--all`, `--controls all`) tries both. A mutant that is not here shows what no tamper does: that a
 * scenario sends frames of some shape, or what a switch does inside a host.
 */
export const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  // Not where frames of every kind are asked for: one run shows what a host without a replicator looks like.
  off: ['lose-nd', 'lose-replies'],
  'first-leg-only': ['lose-on-all-but-one'],
  'group-and-normal': ['double-some'],
  'mirror-both-uplinks': ['double'],
  storms: ['storm'],
  'broadcast-only': ['lose-unicast', 'lose-replies'],
  'requests-only': ['lose-unicast', 'lose-replies'],
  'arp-only': ['lose-nd'],
  'untagged-only': ['lose-tagged'],
  'slave-source-mac': ['change-source-mac'],
  'rewrites-nonce': ['alter-nonce'],
  'drops-tag': ['strip-tag'],
  delayed: ['delay'],
  repeats: ['repeat'],
  invents: ['invent'],
  'invents-strangers': ['invent-stranger'],
  'replicate-all': ['copy-data', 'copy-icmp6'],
  'all-icmpv6': ['copy-icmp6'],
  'copies-lldp': ['copy-lldp'],
  'drops-tcp': ['lose-tcp'],
  'drops-inbound-tcp': ['lose-inbound'],
  'data-on-one-leg': ['pin-data'],
  'no-in-port': ['reflect'],
  echoes: ['echo'],
  floods: ['leak-vlan'],
  relearns: ['move-table'],
  'split-aggregator': ['split-partner'],
};

/** Tampers among those that a scenario catches that stand in for a mutant there. */
export function standInsFor(mutant: string, catches: readonly string[]): readonly string[] {
  return (STAND_INS[mutant] ?? []).filter((tamper) => catches.includes(tamper));
}
