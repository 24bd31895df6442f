import type { KeptPlan } from '../run/plan.js';
import type { InventoryRecord } from '../inventory/inventory.js';
import type { MachinesRecord } from '../run/machinesRecord.js';
import type { RunReport, TrialRecord } from '../run/result.js';
import type { TestsRecord } from '../run/testRecord.js';
import type { EvidenceManifest } from '../evidence/types.js';
import { dutyOf } from '../profile/duty.js';
import type { KindId } from '../wire/kinds.js';
import { experimentName, signatureOf } from '../nightly/signatures.js';
import { profileDigest } from './profiles.js';
import { whyInvalid, type Waiver } from './waivers.js';

/** One run of a qualification, judged from its evidence. */
export interface QualifiedRun {
  /** Its folder in the bundle, `runs/1`. */
  readonly folder: string;
  readonly report: RunReport;
  readonly plan: KeptPlan;
  readonly record: TestsRecord;
  /** null where labs are the run's own. */
  readonly machines: MachinesRecord | null;
  /** What its machines were before it and after it; null where they were not asked. */
  readonly inventory: InventoryRecord | null;
  /** Of each experiment that left evidence, by its id. */
  readonly manifests: Readonly<Record<string, EvidenceManifest>>;
  /** Name of its binding, else of its testbed. */
  readonly place: string;
  /** `sha256:...` of its evidence. */
  readonly evidence: string;
}

export type RowVerdict = TrialRecord['verdict'] | 'waived';

/** A profile, as far as it matters here. */
export interface JudgedBy {
  readonly name: string;
  /** `sha256:...` */
  readonly digest: string;
  /** Whether it demands untagged frames of a kind on every leaf. */
  owes(kind: KindId): boolean;
}

/** One experiment, with what waivers say of it. */
export interface JudgedTrial {
  readonly run: string;
  readonly name: string;
  readonly trial: TrialRecord;
  readonly verdict: RowVerdict;
  /** Findings that no valid waiver covers; sorted. */
  readonly open: readonly string[];
  readonly used: readonly Waiver[];
  /** By which it was judged; null where it left no evidence. */
  readonly profile: JudgedBy | null;
}

/** What speaks against an experiment that failed. What is not judged in it, or has no name, can never be waived. */
function findingsOf({ judgement, verdict, error, reasons }: TrialRecord): readonly string[] | null {
  if (verdict !== 'fail' || error !== null || judgement === null) return null;
  const against = judgement.findings.filter((finding) => finding.verdict !== 'note');
  if (against.some((finding) => finding.verdict !== 'fail')) return null;
  // A scenario may demand more than the judge: then its own words are the finding.
  if (against.length === 0) return [`fail: ${reasons[0] ?? 'without a reason'}`];
  return [...new Set(against.map(signatureOf))].sort();
}

/** What the waivers of a day make of an experiment at a place. */
export function judgedTrial(
  run: QualifiedRun,
  trial: TrialRecord,
  waivers: readonly Waiver[],
  day: string,
): JudgedTrial {
  const name = experimentName(trial);
  const found = findingsOf(trial);
  const own = waivers.filter(
    (waiver) =>
      waiver.test === name &&
      (waiver.binding === undefined || waiver.binding === run.place) &&
      whyInvalid(waiver, day) === null,
  );
  const open = (found ?? []).filter((signature) => !own.some((waiver) => waiver.signature === signature));
  const profile = run.manifests[trial.id]?.profile;
  const isWaived = found !== null && found.length > 0 && open.length === 0;
  return {
    run: run.folder,
    name,
    trial,
    verdict: isWaived ? 'waived' : trial.verdict,
    open,
    used: isWaived ? own.filter((waiver) => found.includes(waiver.signature)) : [],
    profile:
      profile === undefined
        ? null
        : {
            name: profile.name,
            digest: profileDigest(profile),
            owes: (kind) => dutyOf(profile, kind, 'untagged') === 'replicated',
          },
  };
}
