import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { testbedNamed } from '../../registries.js';
import { readJournal } from '../../repair/journal.js';
import { FAULTS } from '../../fault/builtIn.js';
import type { FaultSite } from '../../fault/fault.js';
import type { TestMachine } from '../../ssh/testing/machine.js';
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

/** Says something like LACP out of a port every second, as a partner with the fast rate. */
const PARTNER = `
import socket, sys, time
out = socket.socket(17, 3, 0)
out.bind((sys.argv[1], 0))
while True:
    try:
        out.send(bytes.fromhex("0180c200000202000000000a88090101") + bytes(108))
    except OSError:
        pass # The rule drops it.
    time.sleep(1)
`;

test('on installed machines frames are lost by rules where the binding allows it, as both ends witness', async () => {
  await using rack = await installRack();
  const { server, leafb } = rack.leaves.machines;
  const allowed = (text: string) =>
    text.replace(/(leaf-b:[^]*vantage: .*\n)/, '$1    faults: { rules: [mute, deafen, lose, silenceLacp] }\n');
  const binding = await rack.binding('lossy', allowed);
  const state = `${rack.leaves.state}/../lossy`;
  const tables = async () => {
    const of = async (machine: TestMachine) => (await machine.inside('nft', 'list', 'tables')).trim();
    return (await Promise.all([of(server), of(leafb)])).join('; ');
  };
  const kind = testbedNamed('ssh', DEFAULTS);
  const hold = await kind.hold?.({ binding, run: 'rules' });
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    await using lab = await testbed.open({ topology: rack.topology });
    const site = (name: string) =>
      ({ lab, leg: lab.topology.legs.find((leg) => leg.name === name) }) as unknown as FaultSite;
    const made = async (name: 'mute' | 'deafen' | 'silenceLacp') =>
      lab.apply(need(await FAULTS[name].plan(site('leg-b'), {})));
    const open = () => readJournal(state).open.flatMap(({ undo }) => undo.map((argv) => argv.join(' ')));
    const rules = () => open().filter((undo) => undo.startsWith('nft'));

    expect(await FAULTS.mute.plan(site('leg-a'), {})).toMatchObject({
      lack: { output: 'the binding does not allow it at leaf-a: add faults: { rules: [mute] }' },
    });
    const mute = await made('mute');
    expect([await tables(), rules()]).toEqual([
      'table netdev everyleaf_mute1; ',
      ['nft delete table netdev everyleaf_mute1'],
    ]);
    await mute.undo();
    const deaf = await made('deafen');
    expect(await tables()).toBe('; table netdev everyleaf_deafen1');
    await deaf.undo();
    expect([await tables(), rules()]).toEqual(['; ', []]);
    const lossy = await lab.apply(need(await FAULTS.lose.plan(site('leg-b'), { share: 0.5 })));
    expect(await tables()).toBe('table netdev everyleaf_lose1; table netdev everyleaf_lose1');
    await lossy.undo();

    for (const [machine, port] of [
      [server, 'eth2'],
      [leafb, 'swp1'],
    ] as const)
      await machine.inside('sh', '-c', 'setsid python3 -c "$1" "$2" >/dev/null 2>&1 </dev/null &', 'sh', PARTNER, port);
    const silent = await made('silenceLacp');
    expect(rules()).toHaveLength(2);
    await silent.undo();
    expect([await tables(), rules()]).toEqual(['; ', []]);
  } finally {
    await hold?.end();
  }
});
