import type { Cell } from '../../ovs/ask.js';
import { valueIn } from '../../ovs/cells.js';
import type { OvsSwitch } from '../../ovs/switch.js';

/** A port of the host's bridge as the database and the OpenFlow side know it together. */
export interface BridgePort {
  readonly name: string;
  readonly ofport: number;
  /** Member of the bond. */
  readonly uplink: boolean;
  readonly local: boolean;
  /** VLAN that an access port pushes; null on trunks and native ports. */
  readonly tag: number | null;
  /** VLANs of a trunk port; empty on access and native ports. */
  readonly trunks: readonly number[];
  /**
   * MAC behind the port: of the host's own stack, or of a VM whose manager wrote it (external_ids:attached-mac); null =
   * unknown.
   */
  readonly mac: string | null;
}

/** OFPP_LOCAL as the database writes it. */
const LOCAL_PORT = 65534;

/** OVSDB writes a set of exactly one element as the element itself (RFC 7047 5.1). */
function items(cell: Cell | undefined): readonly Cell[] {
  if (cell === undefined) return [];
  return Array.isArray(cell) && cell[0] === 'set' ? (cell[1] as readonly Cell[]) : [cell];
}

function uuid(cell: Cell | undefined): string {
  return Array.isArray(cell) && cell[0] === 'uuid' ? String(cell[1]) : '';
}

/**
 * Reads the ports of a switch that has one bridge, from its database; ports that have no OpenFlow number yet are left
 * out.
 */
export async function readPorts(ovs: Pick<OvsSwitch, 'select'>): Promise<readonly BridgePort[]> {
  const [portRows = [], interfaceRows = []] = await ovs.select([
    { table: 'Port', columns: ['name', 'tag', 'trunks', 'interfaces'] },
    { table: 'Interface', columns: ['_uuid', 'name', 'ofport', 'external_ids', 'mac_in_use'] },
  ]);
  const interfaces = new Map(interfaceRows.map((row) => [uuid(row['_uuid']), row]));
  const found: BridgePort[] = [];
  for (const port of portRows) {
    const members = items(port['interfaces']).map((cell) => interfaces.get(uuid(cell)));
    for (const member of members) {
      const ofport = Number(items(member?.['ofport'])[0] ?? -1);
      if (member === undefined || !(ofport > 0)) continue;
      found.push({
        name: String(member['name']),
        ofport,
        uplink: members.length > 1,
        local: ofport === LOCAL_PORT,
        tag: (items(port['tag'])[0] as number | undefined) ?? null,
        trunks: items(port['trunks']).map(Number),
        // On other ports mac_in_use is the switch's end of the link.
        mac:
          ofport === LOCAL_PORT
            ? ((items(member['mac_in_use'])[0] as string | undefined) ?? null)
            : valueIn(member['external_ids'], 'attached-mac'),
      });
    }
  }
  return found.sort((a, b) => a.ofport - b.ofport);
}
