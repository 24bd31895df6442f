import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { testbedNamed } from '../../registries.js';
import { readJournal } from '../../repair/journal.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../../testing/limits.js';
import { need } from '../capability.js';
import { installRack } from './testing/installedRack.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

test('on installed machines a carrier is taken where the binding allows it, under guard and journal, and given back', async () => {
  await using rack = await installRack();
  const { server, leafa, leafb } = rack.leaves.machines;
  const allowed = (text: string) =>
    text.replace(/(leaf-b:[^]*vantage: .*\n)/, '$1    faults: { unplug: { by: self } }\n');
  const binding = await rack.binding('faulty', allowed);
  const state = `${rack.leaves.state}/../faulty`;
  const isUp = async (machine: typeof server, port: string) =>
    / state UP /.test(await machine.inside('ip', '-o', 'link', 'show', 'dev', port));
  const carriers = () => Promise.all([isUp(server, 'eth1'), isUp(server, 'eth2'), isUp(leafb, 'swp1')]);
  const ofFaults = () =>
    readJournal(state).open.flatMap(({ machine, what, undo }) =>
      what.startsWith('leg-b') && undo.some((argv) => argv.includes('link'))
        ? [`${machine}: ${undo.map((argv) => argv.join(' ')).join('; ')}`]
        : [],
    );
  const kind = testbedNamed('ssh', DEFAULTS);
  const hold = await kind.hold?.({ binding, run: 'faults' });
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    await using lab = await testbed.open({ topology: rack.topology });
    expect(lab.link('leg-a').cut).toMatchObject({ ok: false, lack: { output: expect.stringContaining('leaf-a') } });
    expect(lab.link('vm1').cut.ok).toBe(false);
    const { cut, shut } = lab.link('leg-b');

    const out = await lab.apply(need(cut)());
    expect([await carriers(), ofFaults()]).toEqual([[true, false, false], ['leafb: ip link set dev swp1 up']]);
    expect(leafb.processes().join('\n')).toContain('everyleaf-guard');
    await out.undo();
    expect([await carriers(), ofFaults()]).toEqual([[true, true, true], []]);

    const down = await lab.apply(need(shut)('a'));
    expect([await carriers(), ofFaults()]).toEqual([[true, false, false], ['server: ip link set dev eth2 up']]);
    await down.undo();
    expect([await carriers(), ofFaults()]).toEqual([[true, true, true], []]);

    // Not the last leg, and not a port that would lose what somebody gave it; nothing is journaled then.
    await leafa.inside('ip', 'link', 'set', 'dev', 'swp1', 'down');
    await expect(lab.apply(need(cut)())).rejects.toThrow('leg-b is the last leg that is up');
    await leafa.inside('ip', 'link', 'set', 'dev', 'swp1', 'up');
    await server.inside('ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'eth2');
    await expect(lab.apply(need(shut)('a'))).rejects.toThrow('server: eth2 has the address 198.51.100.1/24');
    await server.inside('ip', 'addr', 'del', '198.51.100.1/24', 'dev', 'eth2');
    expect([await carriers(), ofFaults()]).toEqual([[true, true, true], []]);
  } finally {
    await hold?.end();
  }
  // A wrapper's last sleep may still run.
  await expect.poll(() => leafb.processes(), { timeout: HANGS_MS }).toEqual([]);
});
