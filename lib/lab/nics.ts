import type { AuditFact } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';

/** What the kernel calls the driver (drivers/net/virtio_net.c). */
const DRIVERS = { virtio: 'virtio_net' } as const;

/** Each leg of the host is between two NICs, where the topology says so: the driver of every end. */
export async function nicFacts({ topology, node }: Pick<Lab, 'topology' | 'node'>): Promise<readonly AuditFact[]> {
  const { host, legs, nics } = topology;
  if (nics === undefined) return [];
  const ends = legs.flatMap(({ hostPort, leaf, leafPort }) => [
    { at: host.node, port: hostPort },
    { at: leaf, port: leafPort },
  ]);
  return Promise.all(
    ends.map(async ({ at, port }): Promise<AuditFact> => {
      const argv = ['ethtool', '--driver', port];
      const { stdout, stderr } = await node(at).exec(argv, { mayFail: true });
      const driver = /^driver: (\S+)$/m.exec(stdout)?.[1];
      return {
        name: `NIC of ${at} ${port}`,
        ok: driver === DRIVERS[nics],
        value: driver ?? (stderr.trim() || 'no driver'),
        command: argv.join(' '),
      };
    }),
  );
}
