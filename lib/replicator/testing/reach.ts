import { randomInt } from 'node:crypto';
import { DURATIONS } from '../../durations.js';
import type { Lab } from '../../testbed/lab.js';
import { buildFrame } from '../../wire/build.js';
import type { VlanTag } from '../../wire/frame.js';
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

/**
 * Sends one frame and returns which leaves received it with the tag that is expected there.
 * @param tags that the frame is sent with, in its bytes
 */
export async function reach(
  lab: Lab,
  kind: KindId,
  source: Source,
  vlan: number | null,
  tags: readonly VlanTag[] = [],
): Promise<Reach> {
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
    tags,
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
  const tpid = (tags[0]?.tpid ?? 0x8100).toString(16);
  const header = Buffer.from(
    source.mac.replaceAll(':', '') + (vlan === null ? '' : `${tpid}${vlan.toString(16).padStart(4, '0')}`),
    'hex',
  );
  // Behind the tags that are told above.
  const at = 12 + 4 * tags.length;
  const etherType = Buffer.from(frame.subarray(at, at + 2));
  await Promise.all(captures.map(({ tap }) => tap.stop()));
  return Object.fromEntries(
    lab.topology.legs.map((leg, index) => [
      leg.leaf,
      seen[index] === true && Buffer.concat(captures[index]?.bytes ?? []).includes(Buffer.concat([header, etherType])),
    ]),
  );
}

export const BOTH: Reach = { 'leaf-a': true, 'leaf-b': true };
