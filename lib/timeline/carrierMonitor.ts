import type { TimelineEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import type { Node, Process } from '../testbed/node.js';

type CarrierEvent = Extract<TimelineEvent, { readonly type: 'observed' }>;

/**
 * One line of `TZ=UTC ip -o -ts monitor link`: when (ns since the epoch), which port, and whether it has carrier. null
 * for other lines. iproute2 (6.1, accept_msg of ip/ipmonitor.c) prints the time of a message before it checks whether
 * the message is wanted: a line may begin with the times of messages about other ports, and the last time is its own.
 */
export function readCarrierLine(
  line: string,
): { readonly atNs: string; readonly port: string; readonly carrier: 'up' | 'down' } | null {
  const match = /^(?:\[[^\]]*\] )*\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\] \d+: ([^:@ ]+)[^<]*<([^>]*)>/.exec(
    line,
  );
  if (match === null) return null;
  const [, second = '', micros = '', port = '', flags = ''] = match;
  const seconds = Date.parse(`${second}Z`) / 1000;
  if (!Number.isInteger(seconds)) return null;
  return { atNs: `${seconds}${micros}000`, port, carrier: flags.split(',').includes('LOWER_UP') ? 'up' : 'down' };
}

/** Ports of the legs on a node, with the leg's name. */
function legPorts(lab: Lab, node: Node): ReadonlyMap<string, string> {
  const { legs, host } = lab.topology;
  return new Map(
    legs.flatMap((leg) => [
      ...(host.node === node.name ? [[leg.hostPort, leg.name] as const] : []),
      ...(leg.leaf === node.name ? [[leg.leafPort, leg.name] as const] : []),
    ]),
  );
}

/**
 * Watches the carrier of the legs' ports by netlink on each node, and reports each change as an event.
 */
export async function watchCarriers(
  lab: Lab,
  onEvent: (event: CarrierEvent) => void,
  nodes: readonly Node[] = lab.nodes,
): Promise<readonly Process[]> {
  return Promise.all(
    nodes
      .map((node) => ({ node, ports: legPorts(lab, node) }))
      .filter(({ ports }) => ports.size > 0)
      .map(async ({ node, ports }) => {
        const { ns: aheadNs } = await node.clock.offset();
        const last = new Map([...ports.keys()].map((port) => [port, 'up']));
        return node.spawn(['ip', '-o', '-ts', 'monitor', 'link'], {
          // iproute2 prints local time, which differs from machine to machine.
          env: { TZ: 'UTC' },
          onLine(line) {
            const seen = readCarrierLine(line);
            const leg = ports.get(seen?.port ?? '');
            if (seen === null || leg === undefined || last.get(seen.port) === seen.carrier) return;
            last.set(seen.port, seen.carrier);
            const atNs = String(BigInt(seen.atNs) - aheadNs);
            onEvent({
              type: 'observed',
              what: 'carrier',
              node: node.name,
              port: seen.port,
              leg,
              state: seen.carrier,
              fromNs: atNs,
              toNs: atNs,
            });
          },
        });
      }),
  );
}
