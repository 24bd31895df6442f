import { DURATIONS } from '../durations.js';
import { LONGEST_CHANGE_MS, type Change } from '../testbed/change.js';
import { until } from '../until.js';
import type { OvsSwitch } from './switch.js';

/** LACPDUs that each member has received, as `lacp/show-stats` counts them. */
const heardIn = (text: string): readonly number[] =>
  [...text.matchAll(/^\s*(?:LACP )?RX PDUs:\s*(\d+)/gm)].map((match) => Number(match[1]));

/**
 * A port, or the bond of that name, asks for LACPDUs at the slow rate. A PDU starts the timer of the rate that is in
 * force when it comes (IEEE 802.1AX 6.4.12), so the change is complete when each member has received one since.
 */
export function slowLacp(ovs: OvsSwitch, port: string): Change {
  const rate = (time: 'fast' | 'slow') => ovs.vsctl(['set', 'port', port, `other_config:lacp-time=${time}`]);
  const heard = async () => heardIn(await ovs.appctl(['lacp/show-stats', port]));
  const slow = async () => {
    await rate('slow');
    const before = await heard();
    let now = before;
    await until(
      `${ovs.node.name} to hear LACP at the slow rate`,
      DURATIONS.lacpSlowPeriod,
      async () => {
        now = await heard();
        return now.length > 0 && now.every((count, member) => count > (before[member] ?? 0)) ? true : null;
      },
      () => JSON.stringify({ before, now }),
      DURATIONS.memberLook,
    );
  };
  return {
    name: `${ovs.node.name}: LACP at the slow rate`,
    steps: [{ what: 'LACP at the slow rate', run: slow }],
    undo: [{ what: 'LACP at the fast rate', run: () => rate('fast') }],
    maxMs: LONGEST_CHANGE_MS,
  };
}
