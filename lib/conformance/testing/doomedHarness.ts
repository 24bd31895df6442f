/**
 * Opens the testbed that is named, cuts a leg, leaves a process running and a capture open, says so, and waits to be
 * killed.
 */
import { noSink } from '../../capture/fileSink.js';
import { DEFAULTS } from '../../defaults.js';
import { HOLD_VARIABLE } from '../../testbed/hold.js';
import { testbedNamed } from '../../registries.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { need } from '../../testbed/capability.js';

const [, , name = '', binding = null] = process.argv;
const testbed = await testbedNamed(name, DEFAULTS).open({ binding, hold: process.env[HOLD_VARIABLE] });
const lab = await testbed.open({ topology: await defaultTopology() });
const [leg] = lab.topology.legs;
if (leg === undefined) throw new Error('no leg');
const link = lab.link(leg.name);
await need(link.b.tap).open({ direction: 'in', salt: 1, sink: noSink });
await link.a.node.spawn(['sleep', '600']);
await lab.apply(need(link.cut)());
process.stdout.write('in force\n');
setInterval(() => undefined, 1_000);
