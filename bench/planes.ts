import { join } from 'node:path';
import { DEFAULTS } from '../lib/defaults.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { dataPlaneNamed } from '../lib/registries.js';
import { loadTopology } from '../lib/run/loadTopology.js';
import { openDefaultTestbed } from '../lib/testing/defaultLab.js';
import type { Testbed } from '../lib/testbed/testbed.js';
import { median, ms } from './statistics.js';
import type { Bench, Row } from './types.js';

const ROUNDS = 9;

interface Wired {
  readonly kind: string;
  readonly variant: string;
}

/** What the others are compared with, in the variant whose leaves negotiate, as all of them do. */
const PEER: Wired = { kind: 'ovs-bond', variant: 'balance-tcp' };

/** VMs on macvlans have no VLANs. */
const FLAT = 'flat.yaml';
const PLANES: readonly (Wired & { readonly file: string })[] = [
  { kind: 'macvlan', variant: 'bridge', file: FLAT },
  { kind: 'vxlan', variant: 'unicast', file: 'dual-leaf.yaml' },
  { kind: 'qos', variant: 'htb', file: 'dual-leaf.yaml' },
  { kind: 'chain', variant: 'hybrid', file: 'dual-leaf.yaml' },
  { kind: 'ovs-dpdk', variant: 'balance-tcp', file: 'dual-leaf.yaml' },
  { kind: 'dpdk-bond', variant: 'active-backup', file: FLAT },
];

/** ms from the first namespace to a plane that carries frames. */
async function upMs(testbed: Testbed, { kind, variant }: Wired, file: string): Promise<number> {
  const path = join(PACKAGE_ROOT, 'topologies', file);
  const topology = await loadTopology(path, DEFAULTS.dataPlanes, { kind, variant });
  const start = performance.now();
  await using lab = await testbed.open({ topology });
  await dataPlaneNamed(kind, DEFAULTS).bringUp(lab, variant);
  return performance.now() - start;
}

/** Both in turns, so that what else the machine does is in both. */
export const planesBench: Bench = {
  name: 'planes',
  title: 'Bringing up a lab of each data plane above a bond of Open vSwitch (median)',
  async run({ progress }) {
    await using testbed = await openDefaultTestbed();
    const rows: Row[] = [];
    for (const { file, ...plane } of PLANES) {
      progress(`${plane.kind}/${plane.variant} and ${PEER.kind}/${PEER.variant}, ${file}`);
      const own: number[] = [];
      const peer: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        peer.push(await upMs(testbed, PEER, file));
        own.push(await upMs(testbed, plane, file));
      }
      rows.push({
        plane: `${plane.kind}/${plane.variant}`,
        topology: file,
        up: ms(median(own)),
        [`up of ${PEER.kind}/${PEER.variant}`]: ms(median(peer)),
        ratio: median(own.map((time, round) => time / (peer[round] ?? time))).toFixed(2),
      });
    }
    return [{ title: 'In turns, ratios of pairs (target: 2)', rows }];
  },
};
