/** A scenario by words of its title, and the tampers that it names, of those that are tried. */
type CaughtBy = readonly (readonly [scenario: string, tampers: readonly string[]])[];

/** Those of which the bond decides nothing. */
export const ON_ANY_BOND: CaughtBy = [
  [
    'every ARP form',
    [
      'alter-target',
      'change-source-mac',
      'delay',
      'double',
      'double-some',
      'lose-on-all-but-one',
      'lose-on-one-leg',
      'lose-unicast',
      'repeat',
      'storm',
    ],
  ],
  ['of a trunk VM', ['change-priority', 'invent', 'invent-stranger', 'lose-tagged', 'strip-tag']],
  ['every NS and NA', ['alter-nonce', 'lose-nd', 'lose-replies']],
  ['what only looks like', ['copy-icmp6', 'copy-lldp']],
  ['what VMs on one host', ['lose-on-host']],
  ['3,000 neighbor frames', ['police']],
];

/** All, where the option of the kernel's bond replicates. */
export const CAUGHT_BY: CaughtBy = [
  ...ON_ANY_BOND,
  ['data goes out once', ['copy-data', 'lose-tcp', 'pin-data']],
  ['a frame of one leaf reaches', ['echo', 'leak-vlan', 'lose-inbound', 'move-table', 'reflect']],
  ['all leaves are one LACP partner', ['lose-replies', 'split-partner']],
  ['with one leg out', ['lose-on-one-leg', 'send-to-dead-leg']],
  ['two hosts behind the same leaves', ['hairpin', 'lose-on-one-leg', 'reflect']],
];

/** Not tried here: the option promises nothing of which they are the opposite, or, on the host, what loses is tried. */
export const NOT_TRIED = ['double-on-host', 'lose-two-tags', 'skew', 'strip-inner-tag'];
