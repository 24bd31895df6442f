import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { testbedNamed } from '../../registries.js';
import { readJournal } from '../../repair/journal.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { need } from '../capability.js';
import { bringUpTwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

/**
 * What stands in for a switch between host and leaf, and for a hypervisor: it sets both of its own ports down, of which the
 * lab knows nothing. With /tmp/lies it only says so.
 */
const STAND_IN = `#!/bin/sh
case "$*" in
*shut*|*down) to=down ;;
*open*|*up) to=up ;;
*) cat /tmp/says 2>/dev/null || echo "near up"; exit 0 ;;
esac
echo "$*" >>/tmp/asked
echo "near $to" >/tmp/says
[ -e /tmp/lies ] || for p in near far; do ip link set dev $p $to; done
`;

const COMMANDS =
  "commands: { shut: [fan, shut, '{port}'], open: [fan, open, '{port}'], show: [fan, show, '{port}'], shutSays: near down }";

test('a carrier is taken by a machine between the ends of a leg, as both ends witness, and given back', async () => {
  await using leaves = await bringUpTwoLeaves({}, true);
  const { box, state } = leaves;
  if (box === null) throw new Error('nothing is between');
  await box.inside('sh', '-c', 'mount -t tmpfs none /usr/local/sbin');
  for (const name of ['fan', 'virsh'])
    await box.inside('sh', '-c', 'printf %s "$1" >"$2"; chmod 755 "$2"', 'sh', STAND_IN, `/usr/local/sbin/${name}`);
  const asked = async () => (await box.inside('sh', '-c', 'cat /tmp/asked; rm /tmp/asked')).trim().split('\n');
  for (const [way, first, second] of [
    [COMMANDS, 'shut near', 'open near'],
    ['domain: leaf-b-vm', 'domif-setlink leaf-b-vm near down', 'domif-setlink leaf-b-vm near up'],
  ] as const) {
    const binding = await leaves.change('elsewhere', (text) =>
      text
        .replace('  leafb: {', `  box: { ssh: ${box.address}, user: root }\n  leafb: {`)
        .replace(/(leaf-b:[^]*unplug: )\{ by: self \}/, `$1{ by: box, port: near, ${way} }`),
    );
    const kind = testbedNamed('ssh', DEFAULTS);
    const hold = await kind.hold?.({ binding, run: 'unplug' });
    try {
      await using testbed = await kind.open({ binding, hold: hold?.pass });
      await using lab = await testbed.open({ topology: await defaultTopology() });
      const link = lab.link('leg-b');
      const carriers = async () =>
        Promise.all(
          [link.a, link.b].map(async ({ node, name }) =>
            / state UP /.test((await node.exec(['ip', '-o', 'link', 'show', 'dev', name])).stdout),
          ),
        );
      const ofBox = () => readJournal(state).open.filter(({ machine }) => machine === 'box');
      const cut = await lab.apply(need(link.cut)());
      expect(await carriers()).toEqual([false, false]);
      expect(ofBox().map(({ undo }) => undo.map((argv) => argv.slice(1).join(' ')))).toEqual([[second]]);
      await cut.undo();
      expect(await carriers()).toEqual([true, true]);
      expect(await asked()).toEqual([first, second]);

      // One that says so, and does not do it: the ends witness nothing, and the fault is none.
      await box.inside('touch', '/tmp/lies');
      await expect(lab.apply(need(link.cut)())).rejects.toThrow('to lose its carrier');
      await box.inside('rm', '/tmp/lies');
      expect(await asked()).toEqual([first, second]);
      expect(ofBox()).toEqual([]);
    } finally {
      await hold?.end();
    }
  }
  // Watchers sleep a second at a time.
  await expect.poll(() => box.processes()).toEqual([]);
});
