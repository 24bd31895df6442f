import { randomInt } from 'node:crypto';
import { DURATIONS } from '../../durations.js';
import type { Lab } from '../../testbed/lab.js';
import { buildFrame } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import { need } from '../../testbed/capability.js';

/** Where frames are sent: a node's port, and the source MAC. */
export interface Source {
  readonly node: string;
  readonly port: string;
  readonly mac: string;
}

/** Which leaves received a frame, and whether with this VLAN (null = no tag). */
export type Reach = Readonly<Record<string, boolean>>;

let lastId = 0;

/** Sends one frame and returns which leaves received it with the tag that is expected there. */
export async function reach(lab: Lab, kind: KindId, source: Source, vlan: number | null): Promise<Reach> {
  const salt = randomInt(1, 2 ** 32);
  const id = ++lastId;
  const gatewayMac = lab.topology.leaves[0]?.gatewayMac ?? '';
  const frame = buildFrame(kind, {
    sourceMac: source.mac,
    sourceIpv4: '192.0.2.77',
    sourceIpv6: '2001:db8::77',
    gatewayMac,
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8::1',
    variation: id,
    salt,
    id,
  });
  const captures = await Promise.all(
    lab.topology.legs.map(async (leg) => {
      const bytes: Uint8Array[] = [];
      const sink = { write: (chunk: Uint8Array) => void bytes.push(chunk.slice()), end: () => undefined };
      return { bytes, tap: await need(lab.port(leg.leaf, leg.leafPort).tap).open({ direction: 'in', salt, sink }) };
    }),
  );
  await need(lab.adopt(source.node, source.port, source.mac).inject)([frame]);
  const seen = await Promise.all(captures.map(({ tap }) => tap.seen(id, DURATIONS.controlFrame)));
  const header = Buffer.from(
    source.mac.replaceAll(':', '') + (vlan === null ? '' : `8100${vlan.toString(16).padStart(4, '0')}`),
    'hex',
  );
  const etherType = Buffer.from(frame.subarray(12, 14));
  await Promise.all(captures.map(({ tap }) => tap.stop()));
  return Object.fromEntries(
    lab.topology.legs.map((leg, index) => [
      leg.leaf,
      seen[index] === true && Buffer.concat(captures[index]?.bytes ?? []).includes(Buffer.concat([header, etherType])),
    ]),
  );
}

export const BOTH: Reach = { 'leaf-a': true, 'leaf-b': true };
