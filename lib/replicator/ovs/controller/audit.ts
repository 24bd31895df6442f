import type { AuditFact } from '../../../evidence/types.js';
import type { Cell, Row } from '../../../ovs/ask.js';
import { BRIDGE } from '../../../ovs/bridge.js';
import type { OvsSwitch } from '../../../ovs/switch.js';

/** Priorities of OpenFlow have 16 bits; what Open vSwitch puts in by itself, above all flows, has more. */
const HIGHEST_OF_OPENFLOW = 0xffff;

/** What a bridge does when its controller is gone. Source: ovs-vswitchd.conf.db(5), Bridge, fail_mode. */
export type FailMode = 'secure' | 'standalone';

/** The connection to the switch as the controller itself knows it. The database is told of it every 5 s only. */
export type Link = { readonly datapath: string } | { readonly why: string };

/** Whether the bridge names this controller and no other, and is connected to it. */
export function controllerFact(rows: readonly Row[], target: string, link: Link): AuditFact {
  const named = rows.map((row) => String(row['target']));
  const isConnected = 'datapath' in link;
  return {
    name: 'controller',
    ok: isConnected && named.length === 1 && named[0] === target,
    value: `${named.join(', ') || 'none'}: ${isConnected ? `connected, datapath ${link.datapath}` : `not connected: ${link.why}`}`,
    command: `ovs-vsctl get-controller ${BRIDGE}`,
  };
}

/** Only `secure` leaves flows in force that a controller made and that nobody keeps any more. */
export function failModeFact(cell: Cell | undefined): AuditFact {
  return {
    name: 'fail_mode',
    ok: cell === 'secure',
    value: typeof cell === 'string' ? cell : 'not set, which is the same as standalone',
    command: `ovs-vsctl get-fail-mode ${BRIDGE}`,
  };
}

/** Flows above all others that no `dump-flows` of OpenFlow shows. `dump` is what `bridge/dump-flows` says. */
export function hiddenFact(dump: string): AuditFact {
  const hidden = dump
    .split('\n')
    .filter((line) => Number(/priority=(\d+)/.exec(line)?.[1] ?? 0) > HIGHEST_OF_OPENFLOW)
    .map((line) => line.replace(/^.*?(?=priority=)/, '').trim());
  return {
    name: 'hidden flows',
    ok: hidden.length === 0,
    value: hidden.length === 0 ? 'none' : hidden.join('; '),
    command: `ovs-appctl bridge/dump-flows ${BRIDGE}`,
  };
}

/** What a bridge does with its controller, and without it. */
export async function auditControl(ovs: OvsSwitch, target: string, link: Link): Promise<readonly AuditFact[]> {
  const [[controllers = [], [bridge] = []], flows] = await Promise.all([
    ovs.select([
      { table: 'Controller', columns: ['target'] },
      { table: 'Bridge', columns: ['fail_mode'] },
    ]),
    ovs.appctl(['bridge/dump-flows', BRIDGE]),
  ]);
  return [controllerFact(controllers, target, link), failModeFact(bridge?.['fail_mode']), hiddenFact(flows)];
}
