import { spawnSync } from 'node:child_process';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../lib/testing/defaultLab.js';
import type { Testbed } from '../lib/testbed/testbed.js';
import type { Topology } from '../lib/topology/model.js';
import { median, ms } from './statistics.js';
import type { Bench, Row } from './types.js';

const ROUNDS = 9;
const GROWTH = [2, 8, 32, 128] as const;
const GROWTH_ROUNDS = 3;

/** The smallest wiring: host, two leaves, two VMs. */
function twoVms(topology: Topology): Topology {
  return { ...topology, vms: topology.vms.slice(0, 2) };
}

/** A host with a plain link to each of `leaves` leaves: no switch, so that only namespaces and links are measured. */
function star(topology: Topology, leaves: number): Topology {
  const names = Array.from({ length: leaves }, (_, i) => `leaf-${i}`);
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return {
    ...topology,
    vms: [],
    leaves: names.map((name) => ({ name, gatewayMac: topology.leaves[0]?.gatewayMac ?? '' })),
    legs: names.map((leaf, i) => ({
      name: `leg-${i}`,
      leaf,
      hostPort: `up${i}`,
      hostMac: `02:00:00:01:00:${hex(i)}`,
      leafPort: 'to-host',
      leafMac: `02:00:00:02:${hex(i)}:01`,
    })),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const value = await work();
  return [value, performance.now() - start];
}

async function labTimes(
  testbed: Testbed,
  topology: Topology,
  raise: boolean,
  rounds: number,
): Promise<{ readonly up: number; readonly down: number }> {
  const up: number[] = [];
  const down: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const [lab, upMs] = await timed(async () => {
      const opened = await testbed.open({ topology });
      if (raise) await bringUpDefault(opened);
      return opened;
    });
    const [, downMs] = await timed(async () => lab[Symbol.asyncDispose]());
    up.push(upMs);
    down.push(downMs);
  }
  return { up: median(up), down: median(down) };
}

/**
 * Mininet building the same nodes and links, in its own namespaces; seconds are taken inside, so that Python's start
 * does not count.
 */
const MININET = `
import sys, time
from mininet.net import Mininet
from mininet.node import Node
from mininet.log import setLogLevel
setLogLevel('error')
leaves, vms = int(sys.argv[1]), int(sys.argv[2])
start = time.time()
net = Mininet(controller=None)
host = net.addHost('host', ip=None)
for i in range(leaves):
    net.addLink(host, net.addHost('l%d' % i, ip=None))
for i in range(vms):
    net.addLink(host, net.addHost('v%d' % i, ip=None))
net.build()
up = time.time()
net.stop()
print(up - start, time.time() - up)
`;

function mininet(leaves: number, vms: number, rounds: number): { readonly up: number; readonly down: number } | null {
  const up: number[] = [];
  const down: number[] = [];
  for (let i = 0; i < rounds; i++) {
    // In its own namespaces: nothing of it can stay behind.
    const { stdout, status } = spawnSync(
      'unshare',
      [
        '--mount',
        '--pid',
        '--net',
        '--fork',
        '--kill-child',
        '--mount-proc',
        '/usr/bin/python3',
        '-c',
        MININET,
        String(leaves),
        String(vms),
      ],
      { encoding: 'utf8' },
    );
    const [upSeconds, downSeconds] = stdout.trim().split(' ').map(Number);
    if (status !== 0 || upSeconds === undefined || downSeconds === undefined) return null;
    up.push(upSeconds * 1000);
    down.push(downSeconds * 1000);
  }
  return { up: median(up), down: median(down) };
}

function row(
  what: string,
  own: { readonly up: number; readonly down: number },
  peer: { readonly up: number; readonly down: number } | null,
  nodes: number,
): Row {
  return {
    what,
    up: ms(own.up),
    'up per node': ms(own.up / nodes),
    down: ms(own.down),
    'mininet up': peer === null ? 'not installed' : ms(peer.up),
    'mininet down': peer === null ? '' : ms(peer.down),
    'ratio up': peer === null ? '' : (own.up / peer.up).toFixed(2),
  };
}

export const labBench: Bench = {
  name: 'lab',
  title: 'Bringing a lab up and taking it down (median)',
  async run({ progress }) {
    const topology = await defaultTopology();
    await using testbed = await openDefaultTestbed();
    progress('host, 2 leaves, 2 VMs, three switches, LACP');
    const whole = await labTimes(testbed, twoVms(topology), true, ROUNDS);
    progress('the same nodes and links without switches, against Mininet');
    const plain = await labTimes(testbed, twoVms(topology), false, ROUNDS);
    const rows = [
      { ...row('host + 2 leaves + 2 VMs, OVS on three, LACP negotiated', whole, null, 5), 'mininet up': '' },
      row('host + 2 leaves + 2 VMs, links only', plain, mininet(2, 2, ROUNDS), 5),
    ];
    const growth: Row[] = [];
    for (const leaves of GROWTH) {
      progress(`${leaves} leaves, links only`);
      growth.push(
        row(
          `host + ${leaves} leaves, links only`,
          await labTimes(testbed, star(topology, leaves), false, GROWTH_ROUNDS),
          mininet(leaves, 0, GROWTH_ROUNDS),
          leaves + 1,
        ),
      );
    }
    return [
      {
        title:
          'One lab (targets: up 300 ms, down 100 ms; Mininet builds links only, so it has no figure for the first)',
        rows,
      },
      { title: 'Growth', rows: growth },
    ];
  },
};
