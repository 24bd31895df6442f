/** Group of the probes that are packets of a tunnel. */
export const TUNNEL_GROUP = 'tunnel';

const IPV4 = 0x0800;
const UDP = 17;
/** RFC 7348 5. */
const VXLAN_PORT = 4789;

/**
 * The outer source port of a VXLAN packet over IPv4, which tells its flow; null for any other frame.
 * @param bodyStart index of the first byte after the EtherType
 */
export function tunnelFlow(bytes: Uint8Array, etherType: number, bodyStart: number): number | null {
  const word = (at: number) => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  if (etherType !== IPV4 || bytes[bodyStart + 9] !== UDP) return null;
  const udp = bodyStart + ((bytes[bodyStart] ?? 0) & 0x0f) * 4;
  return word(udp + 2) === VXLAN_PORT ? word(udp) : null;
}
