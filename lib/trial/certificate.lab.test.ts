import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { judgeEvidence } from '../evidence/judge.js';
import { readEvidence } from '../evidence/read.js';
import type { Judgement } from '../judge/types.js';
import { delayed } from '../control/ovs/held/delayed.js';
import { none } from '../replicator/none.js';
import { ovsGroup } from '../replicator/ovsGroup.js';
import { installRestartable } from '../replicator/restartable.js';
import type { Replicator } from '../replicator/types.js';
import { buildFrame } from '../wire/build.js';
import { controlFrame } from '../wire/control.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';
import type { Lab } from '../testbed/lab.js';
import { startStopwatch } from './stopwatch.js';
import { openTrial } from './trial.js';
import { need } from '../testbed/capability.js';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-certificate-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** ARP replies of vm1 and vm2 in a lab in which `meddle` does something once captures stand. */
async function judgeWith(
  replicator: Replicator,
  meddle: (lab: Lab) => Promise<unknown>,
  awaitLate = false,
): Promise<Judgement> {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  const plane = await bringUpDefault(lab);
  await using installed = await installRestartable(replicator, { lab, plane });
  const trial = await openTrial({
    lab,
    faults: DEFAULTS.faults,
    plane,
    replicator,
    installed,
    folder,
    intent: { type: 'qualify' },
    scenario: 'certificate',
    testbed: 'netns',
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: false,
    awaitLate,
  });
  await meddle(lab);
  await trial.send(['arp-reply-unicast'], { from: ['vm1', 'vm2'], copies: 4, group: 'replies' });
  await trial.close();
  return judgeEvidence(readEvidence(folder));
}

/** The lab's own control frames vanish on the way to leaf-b, and nothing else. */
const loseFences = (lab: Lab) =>
  lab.node('host').exec(['nft', '-f', '-'], {
    input:
      'table netdev meddle {\nchain c { type filter hook egress device "up-b" priority 10; ether type 0x88b5 drop; }\n}',
  });

test('an untouched window passes with a replicator and fails without', async () => {
  expect((await judgeWith(ovsGroup, () => Promise.resolve())).verdict).toBe('pass');
  const without = await judgeWith(none, () => Promise.resolve());
  expect(without.verdict).toBe('fail');
  expect(without.findings.map((finding) => finding.signature)).toContain('missing');
});

test("a program on the host may speak with the MACs of the host's interfaces, also of one that came late, and nobody with another", async () => {
  const [leg, late, stranger] = ['02:00:00:01:00:01', '02:00:00:aa:00:01', '02:00:00:aa:00:02'];
  const speak = async (lab: Lab) => {
    const node = lab.node('host');
    await node.exec(['ip', 'link', 'add', 'late', 'address', late, 'type', 'veth', 'peer', 'name', 'latest']);
    const frames = [leg, late, stranger].map((sourceMac) =>
      buildFrame('arp-request-broadcast', {
        sourceMac,
        sourceIpv4: '192.0.2.77',
        sourceIpv6: '2001:db8::77',
        gatewayMac: '02:00:00:0f:00:01',
        gatewayIpv4: '192.0.2.1',
        gatewayIpv6: '2001:db8::1',
        variation: 0,
        salt: 0,
        id: 1,
      }),
    );
    await need(lab.port('host', 'up-a').inject)(frames);
  };
  const told = ({ findings }: Judgement) =>
    findings.map(({ signature, sentence }) => `${signature} ${/MAC ([0-9a-f:]+),/.exec(sentence)?.[1] ?? ''}`);
  expect(told(await judgeWith(ovsGroup, speak))).toEqual([leg, late, stranger].map((mac) => `invented ${mac}`));
  expect(told(await judgeWith({ ...ovsGroup, speaksOnHost: true }, speak))).toEqual([
    `invented ${stranger}`,
    `unasked ${leg}`,
    `unasked ${late}`,
  ]);
});

test('a capture without its fence gives no pass, although every frame is there', async () => {
  const judgement = await judgeWith(ovsGroup, loseFences);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-b']?.valid).toBe(false);
  expect(judgement.certificates['leaf-a']?.valid).toBe(true);
  expect(judgement.findings.map((finding) => finding.signature)).toContain('no-proof-of-life');
});

test('a frame that never came is not called missing on a leaf whose capture proves nothing', async () => {
  const judgement = await judgeWith(none, loseFences);
  expect(judgement.byLeaf['leaf-b']?.missing).toBe(0);
  expect(judgement.deliveries.every((delivery) => delivery.leaves['leaf-b']?.outcome === 'unknown')).toBe(true);
});

test('a leaf whose port loses carrier without a word in the timeline is missed, not excused', async () => {
  const judgement = await judgeWith(ovsGroup, async (lab) => {
    await lab.node('leaf-b').exec(['nft', '-f', '-'], {
      input: 'table netdev meddle {\nchain c { type filter hook ingress device "to-host" priority 10; drop; }\n}',
    });
    await lab.node('host').exec(['nft', '-f', '-'], {
      input:
        'table netdev meddle {\nchain c { type filter hook egress device "up-b" priority 10; ether type vlan drop; }\n}',
    });
  });
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf['leaf-b']?.missing).toBe(8);
});

test('copies that a replicator holds back for a second are late: neither missing nor a pass, although everything else was there at once', async () => {
  const judgement = await judgeWith(delayed, () => Promise.resolve(), true);
  expect(judgement.verdict).toBe('fail');
  expect(
    judgement.findings.filter((finding) => finding.verdict === 'fail').map((finding) => finding.signature),
  ).toEqual(['late', 'late']);
  expect(judgement.byLeaf['leaf-b']).toMatchObject({ late: 8, missing: 0 });
  expect(judgement.byLeaf['leaf-a']).toMatchObject({ late: 0, missing: 0 });
});

test('where the switch of the host had no time for what came in, nothing is claimed', async () => {
  const judgement = await judgeWith(ovsGroup, async (lab) => {
    const host = lab.node('host');
    const signal = (name: string) =>
      host.exec(['sh', '-c', `kill -${name} $(pgrep -f '^ovs-vswitchd.*${host.scratch}/')`]);
    await signal('STOP');
    const flood = Array.from({ length: 2_000 }, (_, id) =>
      controlFrame({ source: '02:00:00:00:00:99', destination: '01:80:c2:00:00:0f', salt: 1, id }),
    );
    await need(lab.port('vm1', 'eth0').inject)(flood, 100_000);
    await signal('CONT');
  });
  expect(judgement.verdict).toBe('inconclusive');
  // On a machine that is busy the switch may still be behind when the first probes come, and then they are what it
  // lost.
  expect(judgement.findings.map(({ signature }) => signature)).toContain('drops');
  expect(judgement.reasons.join(' ')).toMatch(/the switch of host lost \d+ frames before it read them/);
});
