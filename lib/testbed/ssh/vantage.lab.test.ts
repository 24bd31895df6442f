import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { judgeEvidence } from '../../evidence/judge.js';
import { readEvidence } from '../../evidence/read.js';
import type { VantageRecord } from '../../evidence/types.js';
import type { Judgement } from '../../judge/types.js';
import { calibrated } from '../../judge/vantage/calibrated.js';
import { CLAIMS } from '../../judge/vantage/vantages.js';
import { testbedNamed } from '../../registries.js';
import { none } from '../../replicator/none.js';
import { ovsGroup } from '../../replicator/ovsGroup.js';
import { installRestartable } from '../../replicator/restartable.js';
import type { Replicator } from '../../replicator/types.js';
import { bringUpDefault, defaultTopology } from '../../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { startStopwatch } from '../../trial/stopwatch.js';
import { openTrial } from '../../trial/trial.js';
import type { KindId } from '../../wire/kinds.js';
import { bringUpTwoLeaves, type TwoLeaves } from './testing/twoLeaves.js';
import { isDrawn, NOT_DRAWN } from '../../testing/samples.js';
import { RUNS_OVER_SSH } from './testing/runsOverSsh.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

const COUNTERS = '[leafb, nft, list, counters]';
const ARP_ND = 'ether type arp goto out; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } goto out;';

/** A binding whose leaf-b is captured elsewhere. */
function seenAt(leaves: TwoLeaves, name: string, vantage: string): Promise<string> {
  return leaves.change(name, (text) => {
    const at = text.lastIndexOf('{ kind: port }');
    return `${text.slice(0, at)}${vantage}${text.slice(at + '{ kind: port }'.length)}`.replace(
      'machines:',
      'machines:\n  cap: { ssh: 192.0.2.22, user: root, os: linux }',
    );
  });
}

interface Seen {
  readonly record: VantageRecord | undefined;
  /** What is said of probes of these kinds. */
  readonly judged: (replicator: Replicator, kinds: readonly KindId[]) => Promise<Judgement>;
}

/** Calibrates, brings switches up, and has something tried there. */
async function withLab(binding: string, folder: string, work: (seen: Seen) => Promise<void>): Promise<void> {
  const kind = testbedNamed('ssh', DEFAULTS);
  const hold = await kind.hold?.({ binding, run: 'vantage' });
  let trials = 0;
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    await using lab = await testbed.open({ topology: await defaultTopology() });
    const plane = await bringUpDefault(lab);
    await work({
      record: lab.vantages?.['leaf-b'],
      async judged(replicator, kinds) {
        const own = join(folder, `trial-${++trials}`);
        mkdirSync(own, { recursive: true });
        await using installed = await installRestartable(replicator, { lab, plane });
        const trial = await openTrial({
          ...{ lab, plane, replicator, installed, folder: own, faults: DEFAULTS.faults },
          ...{ intent: { type: 'qualify' }, scenario: 'vantage', testbed: 'ssh', environment: {} },
          ...{ stopwatch: startStopwatch(), witnesses: [], watchLegs: false },
        });
        await trial.send(kinds, { from: ['vm1', 'vm2'], copies: 2 });
        await trial.close();
        return judgeEvidence(readEvidence(own));
      },
    });
  } finally {
    const end = await hold?.end();
    expect(end?.differs).toEqual([]);
  }
}

const carriedBy = (record: VantageRecord | undefined) =>
  record === undefined ? [] : CLAIMS.filter((claim) => calibrated(record, 0).whyNot(claim) === null);

test('leaf-b seen at a SPAN port of a capture machine, and at a trap of its own that is policed', async ({}, info) => {
  test.skip(!isDrawn(1, RUNS_OVER_SSH, 1), NOT_DRAWN);
  await using leaves = await bringUpTwoLeaves({}, true, true);
  const before = await leaves.machines.leafb.inside('ip', '-o', 'link');

  await leaves.copies('fwd to "span";', 'counter span_drops { }');
  const span = await seenAt(
    leaves,
    'span',
    `{ kind: span, at: { machine: cap, port: cap0 }, direction: in, losses: [${COUNTERS}] }`,
  );
  await withLab(span, info.outputPath('span'), async ({ record, judged }) => {
    expect(record).toMatchObject({ kind: 'span', at: 'cap cap0', counted: 0, showsSent: false });
    expect(carriedBy(record)).toEqual([...CLAIMS]);
    const kinds = ['arp-reply-unicast', 'ns-multicast', 'data-udp'] as const;
    // First: flows of a replicator stay in the switch.
    const without = await judged(none, kinds);
    expect(without.verdict).toBe('fail');
    expect(without.byLeaf['leaf-b']?.missing).toBeGreaterThan(0);
    expect(without.reasons.join()).toMatch(/leaf-b never saw \d+ of \d+ /);
    const right = await judged(ovsGroup, kinds);
    expect(right.verdict, right.reasons.join()).toBe('pass');
    // The mirror loses ARP replies, and its counter says so.
    await leaves.copies('arp operation reply counter name span_drops drop; fwd to "span";', 'counter span_drops { }');
    const lossy = await judged(ovsGroup, kinds);
    expect(lossy.verdict).toBe('inconclusive');
    expect(lossy.reasons.join()).toMatch(/its counters lost \d+ frames/);
    // The same with a counter that stands still: then the mirror has lost nothing, as far as anybody can tell.
    await leaves.copies('arp operation reply drop; fwd to "span";', 'counter span_drops { }');
    expect((await judged(ovsGroup, kinds)).verdict).toBe('fail');
    // A counter that is gone tells nothing.
    await leaves.copies('arp operation reply drop; fwd to "span";');
    expect((await judged(ovsGroup, kinds)).verdict).toBe('inconclusive');
  });

  // More than a trial sends, also where a busy machine sends all of it at once; less than the ladder's last rungs.
  const police = 'limit rate over 300/second burst 150 packets counter name policed_drops drop; fwd to "cpu";';
  await leaves.copies(ARP_ND, `counter policed_drops { }\nchain out { ${police} }`);
  const trap = await seenAt(
    leaves,
    'trap',
    `{ kind: trap, at: { machine: leafb, port: cpu0 }, losses: [[nft, list, counters]] }`,
  );
  await withLab(trap, info.outputPath('trap'), async ({ record, judged }) => {
    expect(record?.counted).toBeGreaterThan(0);
    expect(carriedBy(record)).toEqual(['reached', 'missing', 'identity', 'tags', 'hop-limit']);
    const kinds = ['arp-reply-unicast', 'ns-multicast'] as const;
    // Several kinds: a bond gives flows to legs as they come, so that all frames of one kind may go to leaf-b.
    const without = await judged(none, [...kinds, 'ns-unicast', 'na-solicited', 'na-unsolicited']);
    expect(without.verdict).toBe('fail');
    expect(without.reasons.join()).toMatch(
      /leaf-b never saw \d+ of \d+ tagged [a-z ]*Neighbor (Solicitations|Advertisements)/,
    );
    // nft knows a tagged ARP frame not as ARP: its canary did not come, and nothing is said of it.
    expect(without.reasons.join()).toContain('does not show ARP replies as they were tagged');
    const right = await judged(ovsGroup, kinds);
    expect(right.verdict).toBe('inconclusive');
    expect(right.certificates['leaf-b']).toMatchObject({ valid: true });
    expect(right.reasons.join()).toContain('cannot carry "exactly once"');
    expect(right.byLeaf['leaf-b']?.missing).toBe(0);
  });
  expect(await leaves.machines.leafb.inside('ip', '-o', 'link')).toBe(before);
});
