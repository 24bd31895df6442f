import type { Binding } from '../binding/schema.js';
import { killWay } from './killWay.js';
import { saysOther } from './saysOther.js';
import { IS_REMOVED, spareAddresses, type SpareAddress } from './spareAddress.js';
import { openWitness, unplugWays } from './unplugWay.js';

/** A command that undoes a change, and the one that shows on the same machine that it is undone: it ends with 0 then. */
export interface AllowedUndo {
  /** What is run; more than the journal says where something could be in the way. */
  readonly argv: readonly string[];
  readonly witness: readonly string[];
}

/** Ports of each machine that a run may change. All others are nobody's business. */
export function boundPorts({ host, leaves, senders }: Binding): ReadonlyMap<string, ReadonlySet<string>> {
  const ports = new Map<string, Set<string>>();
  const add = (machine: string, port: string): void => {
    ports.set(machine, (ports.get(machine) ?? new Set()).add(port));
  };
  for (const port of Object.values(host.ports)) add(host.machine, port);
  // Of a sender's own machine no port is changed; our folder there is removed.
  for (const { machine } of Object.values(senders))
    if (typeof machine === 'string' && !ports.has(machine)) ports.set(machine, new Set());
  for (const leaf of Object.values(leaves)) {
    for (const port of Object.values(leaf.ports)) add(leaf.machine, port);
    const { by, port } = leaf.faults?.unplug ?? {};
    if (by !== undefined && by !== 'self' && port !== undefined) add(by, port);
  }
  return ports;
}

/** Names that only we give. */
const isNamespace = (word: string): boolean => /^everyleaf-[a-z0-9-]{1,64}$/.test(word);
const isTable = (word: string): boolean => /^everyleaf[a-z0-9_]{0,32}$/.test(word);
const isFolder = (word: string): boolean => /^\/tmp\/everyleaf-[0-9a-f]{6}$/.test(word);
const isFamily = (word: string): boolean => ['netdev', 'inet', 'ip', 'ip6', 'bridge', 'arp'].includes(word);

/** A word as it is, or what it must be. */
type Part = string | ((word: string) => boolean);

/** Ends what still runs in a namespace: it would keep what is in there. */
const EMPTY = 'for p in $(ip netns pids "$1" 2>/dev/null); do kill -KILL "$p"; done';

interface Form {
  readonly parts: readonly Part[];
  /** A script that does it, with the same arguments as the witness; the command itself without it. */
  readonly script?: string;
  /** A script that ends with 0 when it is undone; the words of the command that were no fixed ones are its arguments. */
  readonly witness: string;
}

const formsOf = (isPort: (word: string) => boolean, spare: readonly SpareAddress[]): readonly Form[] => [
  ...spare.map(({ cidr, port }) => ({
    parts: ['ip', 'addr', 'del', (word: string) => word === cidr, 'dev', (word: string) => word === port],
    witness: IS_REMOVED,
  })),
  {
    parts: ['ip', 'link', 'set', 'dev', isPort, 'up'],
    // IFF_UP is the lowest bit of the flags (include/uapi/linux/if.h).
    witness: 'read -r f <"/sys/class/net/$1/flags" && [ $((f & 1)) = 1 ]',
  },
  {
    parts: ['ip', '-n', isNamespace, 'link', 'set', 'dev', isPort, 'netns', '1'],
    // A switch that was killed has left it promiscuous. Into the namespace from which it was taken: that of our session, which need not be that of the first process.
    script: `${EMPTY}; [ -e "/sys/class/net/$2" ] || ip -n "$1" link set dev "$2" netns $$; ip link set dev "$2" promisc off`,
    witness: '[ -e "/sys/class/net/$2" ]',
  },
  {
    parts: ['ip', 'netns', 'del', isNamespace],
    script: `${EMPTY}; ip netns del "$1"`,
    witness: 'ip netns list | while read -r n x; do [ "$n" != "$1" ] || exit 1; done',
  },
  {
    parts: ['nft', 'delete', 'table', isFamily, isTable],
    witness: '! nft list table "$1" "$2" >/dev/null 2>&1',
  },
  { parts: ['rm', '-rf', isFolder], witness: '[ ! -e "$1" ]' },
];

function fits(argv: readonly string[], parts: readonly Part[]): boolean {
  return (
    argv.length === parts.length &&
    parts.every((part, i) => {
      const word = argv[i] ?? '';
      return typeof part === 'string' ? part === word : part(word);
    })
  );
}

/**
 * The commands that may undo something on a machine. No other one is run, whatever a journal says: it is a file, and
 * files get damaged.
 *
 * @returns null where this binding does not allow it there
 */
export function allowedUndo(binding: Binding, machine: string, argv: readonly string[]): AllowedUndo | null {
  // The binding's own words, all of them.
  const isAsked = (words: readonly string[]) =>
    words.length === argv.length && words.every((word, i) => word === argv[i]);
  const way = unplugWays(binding).find((one) => one.machine === machine && isAsked(one.open));
  if (way !== undefined) return { argv: way.open, witness: openWitness(way) };
  const killing = killWay(binding);
  if (killing !== null && killing.machine === machine && isAsked(killing.start))
    return { argv: killing.start, witness: saysOther(killing.show, killing.deadSays) };
  const ports = boundPorts(binding).get(machine);
  // A machine of which nothing is bound is not changed, and so has nothing to undo.
  if (ports === undefined) return null;
  const form = formsOf(
    (word) => ports.has(word),
    spareAddresses(binding).filter((one) => one.machine === machine),
  ).find(({ parts }) => fits(argv, parts));
  if (form === undefined) return null;
  const free = argv.filter((_, i) => typeof form.parts[i] !== 'string');
  const run = (script: string): readonly string[] => ['sh', '-c', script, 'everyleaf', ...free];
  return { argv: form.script === undefined ? argv : run(form.script), witness: run(form.witness) };
}
