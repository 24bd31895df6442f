import { DURATIONS } from '../durations.js';
import type { SwitchControl } from '../dataplane/plane.js';
import { offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS, type Change } from '../testbed/change.js';
import { readCpuWait } from './cpuWait.js';
import { readInputDrops } from './inputDrops.js';
import { readMacTable, readMoves } from './macTable.js';
import { BRIDGE } from './bridge.js';
import { readFlowEndings } from './flowEndings.js';
import type { OvsSwitch } from './switch.js';

/** Seconds; Open vSwitch's default (vswitchd/bridge.c, MAC_ENTRY_DEFAULT_IDLE_TIME). */
const USUAL_AGEING = 300;

/** Later options win, so a user's own `--target` still works. */
const APPCTL = `#!/bin/sh
exec /usr/bin/ovs-appctl --target="$OVS_RUNDIR/vswitchd.ctl" "$@"
`;

/** What can be asked of an Open vSwitch, wherever it runs. */
export function ovsControl(ovs: OvsSwitch): SwitchControl {
  const { name } = ovs.node;
  const age = (seconds: number) => ovs.vsctl(['set', 'bridge', BRIDGE, `other_config:mac-aging-time=${seconds}`]);
  return {
    node: name,
    fdb: () => readMacTable(ovs),
    fdbMoves: (withinMs) => readMoves(ovs, withinMs),
    ageFdb: offer({
      name: `${name} forgets MACs soon`,
      steps: [{ what: 'the switch to forget MACs soon', run: () => age(DURATIONS.macAgeing / 1000) }],
      undo: [{ what: 'the switch to forget MACs as usual', run: () => age(USUAL_AGEING) }],
      maxMs: LONGEST_CHANGE_MS,
    }),
    inputDrops: offer(() => readInputDrops(ovs)),
    cpuWait: offer(() => readCpuWait(ovs)),
    endings: () => readFlowEndings(ovs),
    shell: { env: ovs.env, tools: { 'ovs-appctl': APPCTL } },
  };
}

/** The daemon of the host's switch dies, and is started again. */
export function restartOf(ovs: OvsSwitch): Change {
  return {
    name: "the host's switch was restarted",
    steps: [{ what: 'ovs-vswitchd to run again', run: () => ovs.restartDaemon() }],
    undo: [],
    maxMs: LONGEST_CHANGE_MS,
  };
}
