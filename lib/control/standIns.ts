/**
 * Mutants of Open vSwitch, each with tampers that lead to the same finding. In a scenario that names both, a run tries
 * only the tamper, which works on every data plane and behind the user's own replicator. A run of everything (`--all`,
 * `--controls all`) tries both. A mutant that is not listed shows what no tamper does: that a scenario sends certain
 * frames, or what a switch does inside a host.
 */
export const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  // Not where frames of every kind are required: one run must show what a host without a replicator looks like.
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

/** The tampers that a scenario catches and that stand in for a mutant there. */
export function standInsFor(mutant: string, catches: readonly string[]): readonly string[] {
  return (STAND_INS[mutant] ?? []).filter((tamper) => catches.includes(tamper));
}
