import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import type { Finding, Judgement, Signature } from '../judge/types.js';
import { DEFAULTS } from '../defaults.js';
import { mutantNamed } from '../registries.js';
import { ovsGroup } from '../replicator/ovsGroup.js';
import type { Replicator } from '../replicator/types.js';
import { openDefaultTestbed } from '../testing/defaultLab.js';
import { someOf } from '../testing/samples.js';
import type { Testbed } from '../testbed/testbed.js';
import { GATEWAY_MAC } from '../topology/addresses.js';
import type { KindId } from '../wire/kinds.js';
import { DUMPCAP, TCPDUMP_ANY, TCPDUMP_MICRO, TCPDUMP_NANO, TSHARK, type CaptureTool } from './testing/captureTools.js';
import { judgeCommand, judgeHere, type Judged } from './testing/judgeCommand.js';
import { recordLab, type RecordOptions } from './testing/recordLab.js';

const test = base.extend<object, { testbed: Testbed }>({
  testbed: [
    async ({}, use) => {
      await using testbed = await openDefaultTestbed();
      await use(testbed);
    },
    { scope: 'worker' },
  ],
});

const ARP: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-request-unicast',
  'arp-reply-unicast',
  'garp-request',
  'garp-reply',
  'arp-probe',
  'arp-announcement',
];
const ND: readonly KindId[] = [
  'ns-multicast',
  'ns-dad',
  'ns-dad-nonce',
  'ns-unicast',
  'na-solicited',
  'na-unsolicited',
  'ns-ext-header',
];
const NEIGHBORS = [...ARP, ...ND];
const UNICAST: readonly KindId[] = ['arp-request-unicast', 'arp-reply-unicast', 'ns-unicast', 'na-solicited'];
const BOTH = [0, 1];
const SECOND = [1];

/** What a mutant must be found guilty of. */
interface Case {
  readonly mutant: string;
  readonly signature: Signature;
  /**
   * On each of these leaves, by the order of their legs in the host's switch; null where the leaves together are at
   * fault.
   */
  readonly legs: readonly number[] | null;
  /** Of these kinds, of each and of no other. */
  readonly kinds: readonly KindId[];
  /** Senders that nothing is said against. */
  readonly innocent?: readonly string[];
  /** What else a busy machine, or the mutant's own way of being wrong, may add. */
  readonly besides?: readonly Signature[];
}

const HOST = '02:00:00:00:01:01';
const VMS = ['02:00:00:00:01:0a', '02:00:00:00:01:0b', '02:00:00:00:01:0c'];
const DATA: readonly KindId[] = [
  'data-tcp',
  'data-udp',
  'data-echo',
  'data-echo6',
  'data-mdns',
  'data-dhcp',
  'near-miss-udp-arp',
  'near-miss-tcp6-135',
  'near-miss-icmp4-135',
];

const CASES: readonly Case[] = [
  { mutant: 'off', signature: 'missing', legs: BOTH, kinds: NEIGHBORS },
  { mutant: 'first-leg-only', signature: 'missing', legs: SECOND, kinds: NEIGHBORS },
  // A machine that is busy between two copies makes two frames of them.
  { mutant: 'group-and-normal', signature: 'duplicate', legs: BOTH, kinds: NEIGHBORS, besides: ['missing'] },
  { mutant: 'mirror-both-uplinks', signature: 'duplicate', legs: BOTH, kinds: NEIGHBORS, besides: ['missing'] },
  {
    mutant: 'no-in-port',
    signature: 'reflection',
    legs: BOTH,
    kinds: [
      'arp-request-broadcast',
      'arp-request-unicast',
      'arp-reply-unicast',
      'garp-request',
      'ns-multicast',
      'ns-unicast',
      'na-solicited',
      'na-unsolicited',
    ],
  },
  { mutant: 'all-icmpv6', signature: 'data-replicated', legs: null, kinds: ['rs', 'mld-report', 'data-echo6'] },
  { mutant: 'arp-only', signature: 'missing', legs: BOTH, kinds: ND },
  {
    mutant: 'requests-only',
    signature: 'missing',
    legs: BOTH,
    kinds: ['arp-reply-unicast', 'garp-reply', 'na-solicited', 'na-unsolicited'],
  },
  { mutant: 'broadcast-only', signature: 'missing', legs: BOTH, kinds: UNICAST },
  { mutant: 'refresher', signature: 'missing', legs: BOTH, kinds: NEIGHBORS, besides: ['identity'] },
  { mutant: 'untagged-only', signature: 'missing', legs: BOTH, kinds: NEIGHBORS, innocent: [HOST] },
  { mutant: 'replicate-all', signature: 'data-replicated', legs: null, kinds: ['rs', 'mld-report', ...DATA] },
  { mutant: 'slave-source-mac', signature: 'identity', legs: SECOND, kinds: NEIGHBORS },
  {
    mutant: 'drops-tag',
    signature: 'identity',
    legs: SECOND,
    kinds: NEIGHBORS,
    innocent: [HOST],
    besides: ['missing'],
  },
];

const HOSTS = [HOST, ...VMS];

function unique<T>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

function failures(judgement: Judgement): readonly Finding[] {
  return judgement.findings.filter((finding) => finding.verdict === 'fail');
}

/** The reasons, for the message of whatever does not hold. */
function why(who: string, { judgement }: Judged): string {
  return [who, ...judgement.reasons, ...judgement.findings.map(({ sentence }) => sentence).slice(0, 20)].join('\n');
}

/** Of two leaves. */
function otherThan(leaf: string | undefined, leaves: readonly string[]): string | undefined {
  return leaf === undefined ? undefined : leaves.find((name) => name !== leaf);
}

function expectGuilty(
  { signature, legs, kinds, innocent = [], besides = [] }: Case,
  judged: Judged,
  inOrder: readonly string[],
  who: string,
): void {
  const message = why(who, judged);
  // The leaves' own kernels ask, too, sometimes both at once: two answers that went to one leaf only look like a
  // duplicate there. And a machine that is busy makes anybody late.
  const found = failures(judged.judgement).filter(
    ({ signature: said, kind }) =>
      signature !== 'missing' || said !== 'duplicate' || (kind !== 'arp-reply-unicast' && kind !== 'na-solicited'),
  );
  expect(judged.judgement.verdict, message).toBe('fail');
  expect(judged.exitCode, message).toBe(1);
  expect(
    unique(found.map((finding) => finding.signature).filter((found) => found !== 'late' && !besides.includes(found))),
    message,
  ).toEqual([signature]);
  // A second copy that comes later than copies do is a frame that the other leaf lacks.
  const charged = found.filter(
    ({ signature: said }) => said === signature || (signature === 'duplicate' && said === 'missing'),
  );
  expect(
    unique(charged.map(({ signature: said, leaf }) => (said === signature ? leaf : otherThan(leaf, inOrder)))),
    message,
  ).toEqual((legs ?? []).map((leg) => inOrder[leg] ?? '').sort());
  // Real stacks also say what is none of these kinds.
  expect(
    unique(charged.map((finding) => finding.kind)).filter((kind) => kind !== 'data-other'),
    message,
  ).toEqual([...kinds].sort());
  expect(
    unique(charged.map((finding) => finding.sender)).filter((sender) => innocent.includes(sender)),
    message,
  ).toEqual([]);
  expect(
    Object.values(judged.judgement.certificates).flatMap((certificate) => certificate.problems),
    message,
  ).toEqual([]);
}

/** A third of what is sent while the slowest tool captures: the rest may lie at the edges. */
const LEAST_FRAMES = 60;

function expectInnocent(judged: Judged, who: string): void {
  const message = why(who, judged);
  expect(judged.judgement.reasons, message).toEqual([]);
  expect(judged.judgement.verdict, message).toBe('pass');
  expect(judged.exitCode, message).toBe(0);
  expect(Object.keys(judged.judgement.kinds), message).toEqual(expect.arrayContaining([...NEIGHBORS, ...DATA]));
  expect(judged.judgement.totals.probes, message).toBeGreaterThan(LEAST_FRAMES);
  expect(judged.judgement.totals.dataFrames, message).toBeGreaterThan(LEAST_FRAMES);
}

/**
 * A switch in user space that gets no CPU holds a frame for longer than captures allow, and the judge says so rightly.
 * Where all leaves ask together by chance, a short record does not tell answers to each of them from copies, and the
 * judge says that, too. The lab is recorded once more. A judge that says what is not true says so every time.
 */
const RECORDINGS_MAX = 3;

const ASKED_TOGETHER = /came several times to every leaf at once: either the leaves asked together/;

function wasByChance({ judgement }: Judged): boolean {
  const against = judgement.findings.filter(({ verdict }) => verdict !== 'note');
  return (
    against.length > 0 &&
    against.every(({ signature, sentence }) => signature === 'late' || ASKED_TOGETHER.test(sentence))
  );
}

function toolsOf(number: number): readonly CaptureTool[] {
  return [number % 2 === 0 ? TCPDUMP_NANO : TCPDUMP_MICRO, DUMPCAP, TSHARK];
}

/**
 * Three labs, each captured by six programs that start at once, take 10 s, and several times that where every core is
 * taken.
 */

/** Labs that stand side by side: most of a lab's time is waiting. */
const ABREAST = 3;

for (let first = 0; first < CASES.length; first += ABREAST) {
  const group = CASES.slice(first, first + ABREAST);
  test(`captures of ${group.map(({ mutant }) => mutant).join(', ')} fail for the right reason`, async ({
    testbed,
  }, info) => {
    const some = someOf([...group.entries()], 1, Math.random);
    const recordings = await Promise.all(
      some.map(async ([index, one]) => {
        const folder = info.outputPath(one.mutant);
        mkdirSync(folder, { recursive: true });
        const tools = toolsOf(first + index);
        return {
          one,
          tools,
          recorded: await recordLab(testbed, mutantNamed(one.mutant, DEFAULTS), folder, { tools: () => tools }),
        };
      }),
    );
    for (const [index, { one, tools, recorded }] of recordings.entries()) {
      const question = { hosts: HOSTS, gateways: one.signature === 'reflection' ? [GATEWAY_MAC] : [] };
      for (const [number, tool] of tools.entries()) {
        // A process takes ten times as long: one of each group, another tool's in the next.
        const judge = index === 0 && number === (first / ABREAST) % tools.length ? judgeCommand : judgeHere;
        expectGuilty(
          one,
          await judge(recorded.captures(tool), question),
          recorded.inOrder,
          `${one.mutant}, ${tool.name}`,
        );
      }
    }
  });
}

test('captures of copies that are held back fail, where one clock stamped all of them', async ({ testbed }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const tools = [TCPDUMP_NANO, DUMPCAP];
  const recorded = await recordLab(testbed, mutantNamed('delayed', DEFAULTS), info.outputDir, {
    tools: () => tools,
    rounds: 5,
  });
  for (const tool of tools) {
    const judged = await judgeHere(recorded.captures(tool), { hosts: HOSTS, isSharedClock: true });
    const message = why(tool.name, judged);
    expect(judged.judgement.verdict, message).toBe('fail');
    // Of what repeats, a copy that is late may be nearer to the next frame than to its own.
    const unrepeated = failures(judged.judgement).filter(
      ({ kind, signature }) => kind === 'ns-dad-nonce' && signature === 'late',
    );
    expect(unique(unrepeated.map((finding) => finding.leaf)), message).toEqual(['leaf-b']);
    expect(unique(unrepeated.map((finding) => finding.sender)), message).toEqual(HOSTS);
  }
});

for (const { topology, mode, commanded } of [
  { topology: 'dual-leaf.yaml', mode: 'balance-tcp', commanded: TCPDUMP_MICRO },
  { topology: 'dual-leaf.yaml', mode: 'active-backup', commanded: DUMPCAP },
  { topology: 'quad-leaf.yaml', mode: 'balance-tcp', commanded: TSHARK },
] as const) {
  test(`captures of a good replicator pass: ${topology}, ${mode}`, async ({ testbed }, info) => {
    const tools = [TCPDUMP_NANO, TCPDUMP_MICRO, DUMPCAP, TSHARK];
    for (let left = RECORDINGS_MAX; left > 0; left--) {
      const folder = info.outputPath(String(left));
      mkdirSync(folder, { recursive: true });
      const recorded = await recordLab(testbed, ovsGroup, folder, { topology, mode, tools: () => tools });
      const judged: [who: string, judged: Judged][] = [];
      for (const tool of tools) {
        const captures = recorded.captures(tool);
        judged.push([
          tool.name,
          await (tool === commanded ? judgeCommand : judgeHere)(captures, { hosts: HOSTS, gateways: [GATEWAY_MAC] }),
        ]);
        judged.push([
          `${tool.name}, found hosts, one clock`,
          await judgeHere(captures, { hosts: [], isSharedClock: true }),
        ]);
      }
      if (left > 1 && judged.some(([, one]) => wasByChance(one))) continue;
      for (const [who, one] of judged) {
        expectInnocent(one, who);
        expect(one.judgement.leaves, who).toEqual(recorded.topology.leaves.map((leaf) => leaf.name));
      }
      return;
    }
  });
}

/** leaf-a by one tool, leaf-b by another. */
const pair =
  (first: CaptureTool, second: CaptureTool) =>
  (leaf: number): CaptureTool =>
    leaf === 0 ? first : second;

function zipped(captures: readonly string[]): readonly string[] {
  return captures.map((capture, leaf) => {
    if (leaf === 0) return capture;
    const [name, file] = capture.split('=') as [string, string];
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    return `${name}=${file}.gz`;
  });
}

test('captures of different tools, of every interface, and of different lengths are judged together', async ({
  testbed,
}, info) => {
  const record = (replicator: Replicator, options: Partial<RecordOptions>) => {
    const folder = info.outputPath(replicator.name);
    mkdirSync(folder, { recursive: true });
    return recordLab(testbed, replicator, folder, { tools: () => [TCPDUMP_NANO, DUMPCAP, TCPDUMP_ANY], ...options });
  };
  const [first, bad, tagless] = await Promise.all([
    // Begins late on leaf-b, and ends early on leaf-a.
    record(ovsGroup, { late: 1, early: 0 }),
    record(mutantNamed('requests-only', DEFAULTS), { late: 0 }),
    record(mutantNamed('drops-tag', DEFAULTS), {}),
  ]);
  const replies: Case = {
    mutant: 'requests-only',
    signature: 'missing',
    legs: BOTH,
    kinds: ['arp-reply-unicast', 'garp-reply', 'na-solicited', 'na-unsolicited'],
  };
  const mixed = pair(TCPDUMP_NANO, DUMPCAP);
  const any = pair(TCPDUMP_NANO, TCPDUMP_ANY);
  let good = first;
  for (
    let left = RECORDINGS_MAX;
    left > 1 && wasByChance(await judgeHere(good.captures(mixed), { hosts: HOSTS, isSharedClock: true }));
    left--
  ) {
    good = await record(ovsGroup, { late: 1, early: 0 });
  }
  for (const isSharedClock of [false, true]) {
    expectInnocent(
      await judgeHere(zipped(good.captures(mixed)), { hosts: HOSTS, isSharedClock }),
      'pcap and pcapng.gz',
    );
    expectGuilty(
      replies,
      await judgeHere(zipped(bad.captures(mixed)), { hosts: HOSTS, isSharedClock }),
      bad.inOrder,
      'pcap and pcapng.gz',
    );
    // The host's own frames have no tags, so that nothing is lost where tags are.
    const untagged = await judgeHere(zipped(good.captures(any)), { hosts: [HOST], isSharedClock });
    expect(untagged.judgement.reasons, why('the host alone', untagged)).toEqual([]);
    expect(untagged.judgement.verdict, why('the host alone', untagged)).toBe('pass');
    expect(untagged.judgement.totals.probes).toBeGreaterThan(LEAST_FRAMES / HOSTS.length);
    // Everybody's do, and whether they are the right ones is not known.
    const untold = await judgeHere(good.captures(any), { hosts: HOSTS, isSharedClock });
    expect(untold.judgement.verdict, why('every interface', untold)).toBe('inconclusive');
    expect(untold.judgement.reasons, why('every interface', untold)).toEqual([
      expect.stringContaining('Nothing can be said of VLAN tags'),
    ]);
    const found = failures((await judgeHere(bad.captures(any), { hosts: HOSTS, isSharedClock })).judgement);
    expect(unique(found.map(({ kind }) => kind))).toEqual(replies.kinds);
    expect(unique(found.map(({ signature }) => signature))).toContain('missing');
    expect((await judgeHere(tagless.captures(any), { hosts: VMS, isSharedClock })).exitCode).toBe(3);
  }
});
