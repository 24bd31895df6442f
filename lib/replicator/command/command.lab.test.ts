import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { readEvidence } from '../../evidence/read.js';
import { judgeEvidence } from '../../evidence/judge.js';
import { startStopwatch } from '../../trial/stopwatch.js';
import { openTrial } from '../../trial/trial.js';
import { DEFAULTS } from '../../defaults.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { until } from '../../until.js';
import { ReplicatorError } from '../error.js';
import { replicatorNamed } from '../find.js';
import { installRestartable } from '../restartable.js';
import { labTest, processes } from '../testing/labTest.js';
import { BOTH, reach } from '../testing/reach.js';
import type { Replicator } from '../types.js';
import { HANGS_MS } from '../../testing/limits.js';

const test = labTest.extend<{ folder: string; ours: (script: string, more?: string) => Replicator }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-command-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  ours: async ({ folder }, use) => {
    await use((script, more = '') => {
      writeFileSync(join(folder, 'ours.sh'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'ours.sh'), 0o755);
      writeFileSync(
        join(folder, 'ours.yaml'),
        `name: ours\ndescription: Ours.\nprofile: ovs-group\nargv: [./ours.sh, "an argument"]\nreadyLine: ^ready\n${more}`,
      );
      return replicatorNamed(join(folder, 'ours.yaml'), DEFAULTS);
    });
  },
});

const WAIT = 'while :; do sleep 3600 & wait $!; done';

test('the example of the documentation copies, audits itself, and removes its flows when it is stopped', async ({
  raised: { lab, plane },
}) => {
  const vm = lab.topology.vms[1];
  {
    await using installed = await replicatorNamed(
      join(PACKAGE_ROOT, 'docs/examples/replicator/ovs-flows.yaml'),
      DEFAULTS,
    ).install({ lab, plane });
    for (const kind of ['arp-reply-unicast', 'na-solicited', 'ns-dad'] as const) {
      expect(await reach(lab, kind, { node: vm?.node ?? '', port: vm?.nic ?? '', mac: vm?.mac ?? '' }, 20)).toEqual(
        BOTH,
      );
    }
    expect(await installed.audit()).toMatchObject([
      { name: 'group of type all', ok: true, value: expect.stringMatching(/^group_id=77,type=all,bucket=/) },
    ]);
    expect(installed.broken()).toBeNull();
  }
  expect(await plane.ovs.ofctl(['--no-stats', 'dump-flows', 'br0'])).not.toContain('group:');
  expect(await plane.ovs.ofctl(['dump-groups', 'br0'])).not.toContain('group_id=77');
});

test('it starts in the folder of its file, knows the lab, and reaches the host switch', async ({
  raised: { lab, plane },
  ours,
  folder,
}) => {
  const script = `pwd > said; env | grep -E '^(EVERYLEAF_(BRIDGE|BOND|UPLINKS|SENDERS)|COLOR)=' | sort >> said; echo "$1" >> said
ovs-vsctl list-br >> said && ovs-ofctl dump-flows br0 > /dev/null && ovs-appctl -t "$EVERYLEAF_VSWITCHD" bond/list > /dev/null && ip -br link show up-a > /dev/null && echo ready; ${WAIT}`;
  await using installed = await ours(script, 'environment: { COLOR: "blue and green" }\n').install({ lab, plane });
  expect(installed.broken()).toBeNull();
  const { stdout } = await lab.node('host').exec(['cat', join(folder, 'said')]);
  expect(stdout.trim().split('\n')).toEqual([
    folder,
    'COLOR=blue and green',
    'EVERYLEAF_BOND=bond0',
    'EVERYLEAF_BRIDGE=br0',
    'EVERYLEAF_SENDERS=br0=native vm1=access:20 vm2=access:20 vm3=trunk:20,30',
    'EVERYLEAF_UPLINKS=up-a,up-b',
    'an argument',
    'br0',
  ]);
});

for (const [how, script, said] of [
  [
    'ends before it is ready',
    'echo one; echo two >&2; exit 3',
    /ended with code 3; its last output: (one \| two|two \| one)$/,
  ],
  ['is killed before it is ready', 'kill -SEGV $$', /ended with SIGSEGV; it said nothing$/],
  [
    'calls a program that is not there',
    'exec ./nowhere',
    /ended with code 127; its last output: .*nowhere: not found$/,
  ],
  [
    'dies and leaves a child that holds its output',
    'echo bye; sleep 3600 & exit 4',
    /ended with code 4; its last output: bye$/,
  ],
] as const) {
  test(`a replicator that ${how} is an error with its last output`, async ({ raised: { lab, plane }, ours }) => {
    const error: unknown = await ours(script)
      .install({ lab, plane })
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(ReplicatorError);
    expect((error as ReplicatorError).message).toMatch(
      /^the replicator ours never said that it is ready \(no line matches \^ready\): \.\/ours\.sh 'an argument' ended with /,
    );
    expect((error as ReplicatorError).message).toMatch(said);
    expect(await processes(lab)).not.toContain('sleep');
  });
}

test('one that dies in the middle of a window makes the verdict blocked, with its last output', async ({
  raised: { lab, plane },
  ours,
  folder,
}) => {
  const replicator = ours(`mkfifo go; echo ready; read line < go; echo "no more $line" >&2; exit 7`);
  await using installed = await installRestartable(replicator, { lab, plane });
  const evidence = join(folder, 'evidence');
  const trial = await openTrial({
    lab,
    faults: DEFAULTS.faults,
    plane,
    replicator,
    installed,
    intent: { type: 'qualify' },
    scenario: 'one dies',
    testbed: 'netns',
    folder: evidence,
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: false,
  });
  expect(installed.broken()).toBeNull();
  await lab.node('host').exec(['sh', '-c', 'echo memory > "$1"/go', 'sh', folder]);
  await until('its end', HANGS_MS, () => Promise.resolve(installed.broken()));
  await trial.close();
  const { verdict, reasons } = judgeEvidence(readEvidence(evidence));
  expect(verdict).toBe('blocked');
  expect(reasons.join('\n')).toContain(
    "the replicator ours does not run: ./ours.sh 'an argument' ended with code 7; its last output: ready | no more memory",
  );
});

test('one that uses the network of the host makes the host speak, and has invented nothing', async ({
  raised: { lab, plane },
  ours,
  folder,
}) => {
  const replicator = ours(
    `mkfifo go; echo ready; read line < go; ping -c 1 -W 1 "$line" > /dev/null; echo over > done; ${WAIT}`,
  );
  await using installed = await installRestartable(replicator, { lab, plane });
  const evidence = join(folder, 'evidence');
  const trial = await openTrial({
    lab,
    faults: DEFAULTS.faults,
    plane,
    replicator,
    installed,
    intent: { type: 'qualify' },
    scenario: 'one uses the network',
    testbed: 'netns',
    folder: evidence,
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: false,
  });
  // Nobody answers there, so the host asks by ARP and never sends the ping.
  const native = lab.topology.host.addresses[0]?.ipv4 ?? '';
  await lab.node('host').exec(['sh', '-c', 'echo "$2" > "$1"/go', 'sh', folder, native.replace(/\d+$/, '250')]);
  await until(
    'its ping',
    HANGS_MS,
    async () =>
      (await lab.node('host').exec(['cat', join(folder, 'done')], { mayFail: true })).stdout === 'over\n' || null,
  );
  await trial.close();
  const { findings } = judgeEvidence(readEvidence(evidence));
  expect(findings.map(({ signature, sender }) => `${signature} of ${sender ?? 'nobody'}`)).toContain('unasked of host');
  expect(findings.map(({ signature }) => signature)).not.toContain('invented');
});

test("it has the time to react that its file gives, and that time is don't-care time in the evidence", async ({
  raised: { lab, plane },
  ours,
  folder,
}) => {
  const settled = async (more: string, evidence: string): Promise<number> => {
    const replicator = ours(`echo ready; ${WAIT}`, more);
    await using installed = await installRestartable(replicator, { lab, plane });
    const trial = await openTrial({
      lab,
      faults: DEFAULTS.faults,
      plane,
      replicator,
      installed,
      intent: { type: 'qualify' },
      scenario: 'one reacts',
      testbed: 'netns',
      folder: evidence,
      environment: {},
      stopwatch: startStopwatch(),
      witnesses: [],
      watchLegs: false,
      switchRestarts: true,
    });
    await (await trial.inflict('restartSwitch', 'leg-a'))?.repair();
    await trial.close();
    const edge = readEvidence(evidence).manifest.timeline.find(
      (event) => event.type === 'daemon' && event.verb === 'settleSwitch',
    );
    return Number(BigInt(edge?.toNs ?? 0) - BigInt(edge?.fromNs ?? 0)) / 1e6;
  };
  expect(await settled('settleMs: 1400\n', join(folder, 'slow'))).toBeGreaterThanOrEqual(1_395);
  expect(await settled('', join(folder, 'quick'))).toBeLessThan(1_395);
});

test('it gets the signal that it asks for, and SIGKILL when it does not listen', async ({
  raised: { lab, plane },
  ours,
  folder,
}) => {
  {
    await using installed = await ours(
      `trap 'echo hup > said; exit' HUP; echo ready; ${WAIT}`,
      'stopSignal: SIGHUP\n',
    ).install({ lab, plane });
    expect(installed.broken()).toBeNull();
  }
  expect((await lab.node('host').exec(['cat', join(folder, 'said')])).stdout).toBe('hup\n');
  {
    await using installed = await ours(`trap '' TERM; echo ready; ${WAIT}`).install({ lab, plane });
    expect(installed.broken()).toBeNull();
    expect(await processes(lab)).toContain('ours.sh');
  }
  expect(await processes(lab)).not.toMatch(/ours\.sh|sleep/);
});

test('an audit that fails says what it saw', async ({ raised: { lab, plane }, ours }) => {
  const audit =
    'audit:\n  - { name: on, argv: [echo, "state: off"], expect: "state: on" }\n  - { name: code, argv: [sh, -c, "echo state: on; exit 2"], expect: "state: on" }\n  - { name: right, argv: [echo, "a\\nstate: on"], expect: "^state: .*" }\n';
  await using installed = await ours(`echo ready; ${WAIT}`, audit).install({ lab, plane });
  expect(await installed.audit()).toEqual([
    { name: 'on', ok: false, value: 'state: off', command: "echo 'state: off'" },
    { name: 'code', ok: false, value: 'code 2: state: on', command: "sh -c 'echo state: on; exit 2'" },
    { name: 'right', ok: true, value: 'state: on', command: "echo 'a\nstate: on'" },
  ]);
});
