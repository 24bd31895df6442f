/**
 * `doomedFault VERB FOLDER`: what a worker of a run does in a scenario, up to the middle of a fault. Says `in effect`
 * while the fault lasts and probes flow, or `lacking` where this machine cannot make it; then it waits to be killed.
 */
import { DEFAULTS } from '../../defaults.js';
import { startStopwatch } from '../../trial/stopwatch.js';
import { DURATIONS } from '../../durations.js';
import { faultNamed } from '../../fault/find.js';
import { openTrial } from '../../trial/trial.js';
import { until } from '../../until.js';
import { ovsController } from '../../replicator/ovs/controlled.js';
import { ovsGroup } from '../../replicator/ovsGroup.js';
import { installRestartable } from '../../replicator/restartable.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../../testing/defaultLab.js';

/** It flaps for as long as it lives. */
const FOREVER = { times: 1_000_000, periodMs: 100 };

/** Where these faults are made there is a controller, a process of its own: dead, and alive. */
const CONTROLLED = ['killController', 'restartSwitch'];

const [verb = '', folder = ''] = process.argv.slice(2);
const testbed = await openDefaultTestbed();
const lab = await testbed.open({ topology: await defaultTopology() });
const plane = await bringUpDefault(lab);
const replicator = CONTROLLED.includes(verb) ? ovsController : ovsGroup;
const installed = await installRestartable(replicator, { lab, plane });
const trial = await openTrial({
  lab,
  faults: DEFAULTS.faults,
  plane,
  replicator,
  installed,
  folder,
  intent: { type: 'qualify' },
  scenario: verb,
  testbed: testbed.name,
  environment: {},
  stopwatch: startStopwatch(),
  witnesses: [],
  watchLegs: true,
  switchRestarts: true,
});
const [leg] = lab.topology.legs;
if (leg === undefined) throw new Error('no leg');
const stream = trial.stream();
await stream.sent(5);
const fault = faultNamed(verb, DEFAULTS.faults);
if (fault.rhythm === undefined)
  process.stdout.write((await trial.inflict(fault, leg.name)) === null ? 'lacking\n' : 'in effect\n');
else {
  void trial.inflict(fault, leg.name, FOREVER);
  const { node, name } = lab.link(leg.name).a;
  await until('the first cut', DURATIONS.linkUp, async () =>
    (await node.exec(['ip', '-o', 'link', 'show', 'dev', name])).stdout.includes('NO-CARRIER') ? true : null,
  );
  process.stdout.write('in effect\n');
}
// Until then probes go on, and this process lives by them.
await new Promise(() => undefined);
