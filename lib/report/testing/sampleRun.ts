import type { Counts, Verdict } from '../../judge/types.js';
import { count } from '../format.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import type { ExperimentDetails, ReportDetails } from '../details.js';
import { intentOf } from '../../run/controlName.js';
import { controlsTable } from '../../run/controls.js';
import type { TrialRecord, RunReport } from '../../run/result.js';
import { sampleExperiment, sumCounts, type SampleOptions, type SampleScenario } from './sampleExperiment.js';
import { SAMPLE_LEAVES } from './sampleTopology.js';
import { faithful, SAMPLE_MUTANTS, SAMPLE_TAMPERS, type Behaviour } from './simulate.js';

const ARP: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-request-unicast',
  'arp-reply-unicast',
  'garp-request',
  'garp-reply',
  'arp-probe',
  'arp-announcement',
];
const ND: readonly KindId[] = ['ns-multicast', 'ns-unicast', 'na-solicited', 'na-unsolicited'];
const DATA: readonly KindId[] = [
  'rarp',
  'rs',
  'data-tcp',
  'data-udp',
  'data-echo',
  'data-echo6',
  'data-dhcp',
  'data-mdns',
];

const scenario = (
  name: string,
  file: string,
  kinds: readonly KindId[],
  repeat: number,
  rest: Partial<SampleScenario> = {},
): SampleScenario => ({
  name,
  source: `scenarios/${file}`,
  kinds,
  repeat,
  forms: ['untagged'],
  unplug: false,
  ...rest,
});

export const SAMPLE_SCENARIOS: readonly SampleScenario[] = [
  scenario('every ARP frame reaches every leaf once', 'replication/arp.spec.ts:14', ARP, 12),
  scenario('every Neighbor Discovery frame reaches every leaf once', 'replication/nd.spec.ts:12', ND, 12),
  scenario(
    'duplicate address detection is seen by every leaf',
    'replication/dad.spec.ts:11',
    ['ns-dad', 'ns-dad-nonce'],
    12,
  ),
  scenario(
    'tagged frames keep VLAN and priority',
    'replication/tagged.spec.ts:16',
    [...ARP.slice(0, 3), ...ND.slice(0, 2)],
    8,
    { forms: ['tagged'] },
  ),
  scenario('data is sent once and spread over the legs', 'replication/data.spec.ts:13', DATA, 12),
  scenario(
    'near misses are not replicated',
    'replication/nearMiss.spec.ts:12',
    KINDS.filter((kind) => kind.family === 'near-miss').map((kind) => kind.id),
    12,
  ),
  scenario(
    'nothing is reflected between leaves',
    'replication/reflection.spec.ts:12',
    ['arp-request-broadcast', 'ns-multicast'],
    6,
    { fromLeaves: true },
  ),
  scenario(
    'with a leg unplugged the rest is exact',
    'faults/unplug.spec.ts:18',
    [...ARP.slice(0, 3), 'ns-unicast', 'na-solicited', 'data-udp'],
    2,
    { unplug: true },
  ),
];

const MODES = ['active-backup', 'balance-slb', 'balance-tcp'] as const;

export interface SampleRun {
  readonly run: RunReport;
  readonly details: ReportDetails;
}

/** `full` has the size of a real default run; `small` has every feature of it on one bond mode. */
export type SampleSize = 'full' | 'small';

const SMALL_MUTANTS: ReadonlySet<string> = new Set([
  'off',
  'group-and-normal',
  'slave-source-mac',
  'stale-liveness',
  'replicate-all',
  'no-in-port',
]);

type Made = ReturnType<typeof sampleExperiment>;

function qualify(
  size: SampleSize,
  behave: Behaviour,
  replicator: string,
  change: (options: SampleOptions, index: number) => SampleOptions = (options) => options,
): readonly Made[] {
  return MODES.slice(0, size === 'full' ? 3 : 1).flatMap((mode, plane) =>
    SAMPLE_SCENARIOS.map((one, index) => {
      const number = plane * SAMPLE_SCENARIOS.length + index;
      return sampleExperiment(
        change({ scenario: one, mode, replicator, intent: { type: 'qualify' }, behave }, number),
        number + 1,
      );
    }),
  );
}

function controls(size: SampleSize, survivor: string | null): readonly Made[] {
  const mutants = SAMPLE_MUTANTS.filter((mutant) => size === 'full' || SMALL_MUTANTS.has(mutant.name));
  const all = [
    ...mutants.map((made) => ({ made, control: { type: 'mutant', name: made.name } as const })),
    ...SAMPLE_TAMPERS.map((made) => ({ made, control: { type: 'tamper', name: made.name } as const })),
  ];
  return all.flatMap(({ made, control }, row) =>
    SAMPLE_SCENARIOS.map((one, column) =>
      sampleExperiment(
        {
          scenario: one,
          mode: MODES[(row + column) % 3] ?? 'balance-slb',
          replicator: control.type === 'mutant' ? control.name : 'ovs-group',
          intent: intentOf(control),
          behave: made.name === survivor ? faithful : made.behave,
        },
        100 + row * SAMPLE_SCENARIOS.length + column,
      ),
    ),
  );
}

/** A run in which everything is right. */
export function passingRun(size: SampleSize = 'small'): SampleRun {
  return assemble(
    'pass',
    'ovs-group',
    'Every ARP and Neighbor Discovery frame reached both leaves exactly once, in every bond mode and with either leg unplugged.',
    qualify(size, faithful, 'ovs-group'),
    controls(size, null),
  );
}

/** `none` under test: hashing shows as missing frames; one mutant survives as well. */
export function failingRun(size: SampleSize = 'small'): SampleRun {
  const off = SAMPLE_MUTANTS[0]?.behave ?? faithful;
  return assemble(
    'fail',
    'none',
    ({ delivered, probes }) =>
      `Only ${count(delivered)} of ${count(probes)} neighbor frames reached every leaf: leaf-a and leaf-b each miss what the other one got.`,
    qualify(size, off, 'none'),
    controls(size, 'stale-liveness'),
  );
}

/** One capture without proof of life, and one scenario that never started. */
export function inconclusiveRun(size: SampleSize = 'small'): SampleRun {
  const made = qualify(size, faithful, 'ovs-group', (options, index) => {
    if (index === 1) return { ...options, deafLeaf: 'leaf-b' };
    return index === 2
      ? { ...options, blocked: 'LACP never came up on leg-b: the partner of leg-b has another system ID' }
      : options;
  });
  return assemble(
    'inconclusive',
    'ovs-group',
    'No verdict: the capture on leaf-b never proved that it was alive in 1 experiment, and 1 was blocked.',
    made,
    controls(size, null),
  );
}

/** Names and reasons as a hostile topology file would bring them. */
export function hostileRun(): SampleRun {
  const attack = '<script>document.title="owned"</script>';
  const [one] = SAMPLE_SCENARIOS;
  const made =
    one === undefined
      ? []
      : [
          sampleExperiment(
            {
              scenario: { ...one, name: `arp ${attack}`, kinds: ['arp-reply-unicast'], repeat: 3 },
              mode: 'balance-slb',
              replicator: attack,
              intent: { type: 'qualify' },
              behave: SAMPLE_MUTANTS[0]?.behave ?? faithful,
              senderName: `vm"'>${attack}`,
            },
            1,
          ),
        ];
  const sample = assemble('fail', attack, `leaf-b & ${attack}`, made, []);
  return {
    ...sample,
    run: {
      ...sample.run,
      command: `everyleaf run --replicator '${attack}'`,
      environment: { [attack]: `${attack}\u0000\u001b[31m]]>` },
    },
  };
}

/** Nothing ran at all: never a pass. */
export function emptyRun(): SampleRun {
  return assemble('blocked', 'ovs-group', 'Nothing ran: no scenario matches "--only storm".', [], []);
}

function assemble(
  verdict: Verdict,
  replicator: string,
  sentence: string | ((totals: Counts) => string),
  qualified: readonly Made[],
  controlled: readonly Made[],
): SampleRun {
  const byId = new Map<string, ExperimentDetails>(
    [...qualified, ...controlled].map((made) => [made.result.id, made.details]),
  );
  const deliveries = qualified.flatMap((made) => made.result.judgement?.deliveries ?? []);
  const totals = sumCounts(deliveries);
  const kinds: Partial<Record<KindId, Counts>> = {};
  for (const { id } of KINDS) {
    const some = deliveries.filter((delivery) => delivery.kind === id);
    if (some.length > 0) kinds[id] = sumCounts(some);
  }
  const skews = deliveries
    .flatMap((delivery) => (delivery.skewNs === null ? [] : [delivery.skewNs]))
    .sort((a, b) => a - b);
  const at = (share: number): number => skews[Math.min(skews.length - 1, Math.floor(skews.length * share))] ?? 0;
  const experiments = [...qualified, ...controlled].map((made) => made.result);
  const table = tableOf(controlled.map((made) => made.result));
  const reasons = qualified.flatMap((made) => (made.result.verdict === 'pass' ? [] : made.result.reasons)).slice(0, 12);
  return {
    details: { experiment: (id) => byId.get(id) ?? null },
    run: {
      schema: 1,
      run: '2026-11-20T18-04-11Z-7f3a',
      verdict,
      sentence: typeof sentence === 'string' ? sentence : sentence(totals),
      reasons: [
        ...reasons,
        ...table.survivors.map((name) => `mutant ${name} survived: no scenario noticed that it is broken`),
      ],
      testbed: 'netns',
      topology: 'topologies/dual-leaf.yaml',
      replicator,
      profile: 'ovs-group',
      leaves: SAMPLE_LEAVES,
      totals,
      kinds,
      skew: skews.length === 0 ? null : { p50Ns: at(0.5), p99Ns: at(0.99), maxNs: at(1) },
      experiments,
      controls: table,
      skips: [
        {
          what: 'delay on a leg',
          command: 'tc qdisc add dev probe0 root netem delay 1ms',
          output: 'Error: Specified qdisc kind is unknown.',
        },
        { what: 'kernel bond', command: 'ip link add bond-probe type bond', output: 'Error: Unknown device type.' },
      ],
      environment: {
        node: 'v20.20.0',
        kernel: 'Linux 6.18.0 x86_64',
        'ovs-vswitchd': '3.1.0',
        tcpdump: '4.99.3',
        user: 'root',
        cpus: '2',
      },
      command: `npm exec everyleaf -- run --testbed netns --topology topologies/dual-leaf.yaml --replicator ${replicator}`,
      startedAt: '2026-11-20T18:04:11.000Z',
      durationMs: 48_211,
      phases: [
        { name: 'doctor', ms: 640 },
        { name: 'labs', ms: 27_300 },
        { name: 'probes and captures', ms: 14_800 },
        { name: 'judge', ms: 2_410 },
        { name: 'reports', ms: 1_120 },
      ],
      evidence: 'evidence',
      folder: '/var/lib/everyleaf/out/sample',
    },
  };
}

function tableOf(results: readonly TrialRecord[]): RunReport['controls'] {
  const { scenarios, ...table } = controlsTable(results, {
    mutants: SAMPLE_MUTANTS,
    tampers: SAMPLE_TAMPERS,
    declared: false,
    complete: false,
  });
  return { ...table, scenarios: SAMPLE_SCENARIOS.map((one) => one.name).filter((name) => scenarios.includes(name)) };
}
