import type { AuditFact } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import type { Topology } from '../topology/model.js';
import { nodePorts } from './links.js';

/**
 * Lets frames of different flows come in on different processors (receive packet steering): without it, a frame comes in
 * where it was sent. Only root of the machine may, not root of a user namespace (net/core/net-sysfs.c). A sysfs shows the
 * interfaces of the namespace in which it was mounted. Arguments: the ports. 32 processors are a word of the mask.
 */
const STEER = `mount -t sysfs sysfs /sys || exit
cpus=$(nproc); [ "$cpus" -le 32 ] || cpus=32
mask=$(printf %x $(((1 << cpus) - 1)))
for port; do for queue in "/sys/class/net/$port/queues/"rx-*; do echo "$mask" >"$queue/rps_cpus" || exit; done; done`;

/** One line per port: its name, its transmit queues, its receive queues, and the steering of the first of these. */
const COUNT = `mount -t sysfs sysfs /sys || exit
for port; do
  cd "/sys/class/net/$port/queues" || exit
  set_of() { ls -d "$1"-* | wc -l; }
  echo "$port $(set_of tx) $(set_of rx) $(cat rx-0/rps_cpus)"
done`;

const inOwnSysfs = (script: string, ports: readonly string[]): readonly string[] => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  script,
  'sh',
  ...ports,
];

const wiredPorts = (topology: Topology, node: string): readonly string[] =>
  nodePorts(topology, node).filter((port) => port !== 'lo');

/**
 * Each transmit queue of a port gets a queue of its own, as on a NIC, which counts its frames. Not when a port is made:
 * Open vSwitch removes what it finds there from each port that it takes (lib/netdev-linux.c, netdev_linux_set_qos). What a NIC has by
 * default has no number, by which one of its queues could be named.
 */
const COUNTERS = `for port; do
  tc qdisc show dev "$port" | grep -q '^qdisc mq 1:' || tc qdisc add dev "$port" root handle 1: mq || exit
done`;

/**
 * Readies the queues of all ports that the topology wires, where it has several, as often as a switch may have changed
 * them. What a kernel does not let us do is missing in the facts.
 */
export async function readyQueues({ topology, nodes }: Pick<Lab, 'topology' | 'nodes'>): Promise<void> {
  if (topology.queues === undefined) return;
  await Promise.all(
    nodes.map(async (node) => {
      const ports = wiredPorts(topology, node.name);
      await node.exec(['sh', '-c', COUNTERS, 'sh', ...ports], { mayFail: true });
      await node.exec(inOwnSysfs(STEER, ports), { mayFail: true });
    }),
  );
}

/** What `tc -s -j qdisc show` says of a queue (tc(8)). */
interface Shown {
  readonly kind: string;
  readonly dev?: string;
  readonly root?: boolean;
  /** `1:3` for the third transmit queue. */
  readonly parent?: string;
  readonly packets?: number;
}

/** Frames that each transmit queue of a port has sent, first queue first; null where it has no such queues. */
export function sentByQueue(text: string, port: string): readonly number[] | null {
  const shown = text.trim() === '' ? [] : (JSON.parse(text) as readonly Shown[]);
  const own = shown.filter(({ dev }) => dev === port);
  if (!own.some(({ kind, root }) => kind === 'mq' && root === true)) return null;
  const queueOf = ({ parent = '' }: Shown): number => Number.parseInt(parent.split(':')[1] ?? '', 16);
  return own
    .filter(({ parent = '' }) => parent.startsWith('1:'))
    .sort((one, other) => queueOf(one) - queueOf(other))
    .map(({ packets = 0 }) => packets);
}

/** The words of `COUNT` for a port. */
interface Counted {
  readonly send: number;
  readonly receive: number;
  /** A mask of processors; 0 where nothing is steered. */
  readonly steering: string;
}

function countedIn(text: string, port: string): Counted | null {
  const words = text.split('\n').find((line) => line.startsWith(`${port} `));
  const [, send = '', receive = '', steering = ''] = words?.split(' ') ?? [];
  return words === undefined ? null : { send: Number(send), receive: Number(receive), steering };
}

/** P15: a port has the queues that the topology says. How many frames each has sent is told, where that is counted. */
export function queueFact(
  at: { readonly node: string; readonly port: string; readonly queues: number },
  shown: string,
  counts: string,
): AuditFact {
  const sent = sentByQueue(shown, at.port);
  const counted = countedIn(counts, at.port);
  const steered =
    counted === null || /^[0,]*$/.test(counted.steering) ? 'not steered' : `to processors ${counted.steering}`;
  return {
    name: `queues of ${at.node} ${at.port}`,
    ok: counted !== null && counted.send === at.queues && counted.receive === at.queues,
    value:
      counted === null
        ? 'not shown'
        : `${counted.send} transmit, frames sent by each: ${sent === null ? 'not counted' : sent.join(' ')}; ${counted.receive} receive, ${steered}`,
    command: `ls /sys/class/net/${at.port}/queues; tc -s -j qdisc show dev ${at.port}`,
  };
}

/** The queues of every port that the topology wires, where it has several. */
export async function queueFacts({ topology, nodes }: Pick<Lab, 'topology' | 'nodes'>): Promise<readonly AuditFact[]> {
  const { queues } = topology;
  if (queues === undefined) return [];
  const facts = await Promise.all(
    nodes.map(async (node) => {
      const ports = wiredPorts(topology, node.name);
      const [shown, counts] = await Promise.all([
        node.exec(['tc', '-s', '-j', 'qdisc', 'show'], { mayFail: true }),
        node.exec(inOwnSysfs(COUNT, ports), { mayFail: true }),
      ]);
      return ports.map((port) => queueFact({ node: node.name, port, queues }, shown.stdout, counts.stdout));
    }),
  );
  return facts.flat();
}
