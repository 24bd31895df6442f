import { fromHex, hex } from '../../wire/bytes.js';
import { fieldsOf, summariseFrame } from '../../wire/describe.js';
import type { KindEntry } from '../../wire/kinds.js';
import { kindEntry } from '../../wire/kinds.js';
import type { Delivery } from '../../judge/types.js';
import { createCaptureIndex, type CaptureIndex } from '../captureIndex.js';
import { outcomeTone, outcomeWord } from '../cellText.js';
import type { ReportDetails } from '../details.js';
import { faultStateAt, type FaultState } from '../faultState.js';
import { type DeliveryRef, type MatrixGroup } from '../matrix.js';
import type { TrialRecord } from '../../run/result.js';
import { dueOnWire } from '../wireFrame.js';

/** Examples per cell; all failing ones come first. The evidence holds every frame. */
export const EXAMPLES = 6;
/** Examples per cell where everything is right: more would only repeat them. */
const GOOD_EXAMPLES = 2;
/** Examples per control: it must fail, so one or two show how. */
const CONTROL_EXAMPLES = 2;

type PageLayer = readonly [layer: string, fields: readonly (readonly [name: string, value: string])[]];

/** A frame in the page: its bytes and their meaning. */
interface PageFrame {
  readonly hex: string;
  readonly summary: string;
  readonly layers: readonly PageLayer[];
}

interface PageCopy {
  /** ns after the probe was sent. */
  readonly at: number;
  readonly differences: readonly string[];
  /** Index into `frames`; -1 when the capture is not available. */
  readonly frame: number;
}

interface PageDelivery {
  readonly probe: number;
  readonly kind: string;
  readonly sender: string;
  readonly form: string;
  readonly duty: string;
  readonly verdict: string;
  readonly experiment: string;
  readonly sent: string;
  readonly skew: number | null;
  /** Indexes into `frames`: the frame as sent, and as due on the wire; -1 when unknown. */
  readonly frame: number;
  readonly due: number;
  readonly dead: readonly string[];
  readonly leaves: readonly {
    readonly leaf: string;
    readonly outcome: string;
    readonly word: string;
    readonly tone: string;
    readonly copies: readonly PageCopy[];
  }[];
}

interface PageLadder {
  readonly title: string;
  readonly leaves: readonly string[];
  /** Per leaf: indexes into `deliveries`, failing first; one list for all leaves when it does not belong to a cell. */
  readonly examples: readonly (readonly number[])[];
  readonly total: number;
  readonly evidence: readonly string[];
}

export interface LadderData {
  readonly ladders: readonly PageLadder[];
  readonly deliveries: readonly PageDelivery[];
  readonly frames: readonly PageFrame[];
}

/** Collects what the ladders of the page need, each frame once. */
export interface LadderBook {
  /** The ladder's id for the cells of a group, or null when there is no delivery to show. */
  add(group: MatrixGroup, kind: KindEntry, state: FaultState, leaves: readonly string[]): string | null;
  /** Failing deliveries of one experiment. */
  addExperiment(experiment: TrialRecord): string | null;
  data(): LadderData;
}

export function createLadderBook(details: ReportDetails, evidence: string): LadderBook {
  const ladders: PageLadder[] = [];
  const deliveries: PageDelivery[] = [];
  const frames: PageFrame[] = [];
  const frameIds = new Map<string, number>();
  const deliveryIds = new Map<string, number>();
  const captures = new Map<string, CaptureIndex>();

  const frameId = (bytes: Uint8Array): number => {
    const text = hex(bytes);
    const known = frameIds.get(text);
    if (known !== undefined) return known;
    frames.push({
      hex: text,
      summary: summariseFrame(bytes),
      layers: fieldsOf(bytes).map(({ layer, fields }): PageLayer => [
        layer,
        fields.map(({ name, value }) => [name, value]),
      ]),
    });
    frameIds.set(text, frames.length - 1);
    return frames.length - 1;
  };

  const deliveryId = ({ experiment, delivery }: DeliveryRef): number => {
    const key = `${experiment.id}/${String(delivery.probe)}`;
    const known = deliveryIds.get(key);
    if (known !== undefined) return known;
    const detail = details.experiment(experiment.id);
    let index = captures.get(experiment.id);
    if (index === undefined && detail !== null) captures.set(experiment.id, (index = createCaptureIndex(detail)));
    const probe = detail?.probes.find((candidate) => candidate.id === delivery.probe);
    const sent = probe === undefined ? null : fromHex(probe.frame);
    const sentNs = BigInt(delivery.sentNs);
    deliveries.push({
      probe: delivery.probe,
      kind: kindEntry(delivery.kind).title,
      sender: delivery.sender,
      form: delivery.form,
      duty: delivery.duty,
      verdict: delivery.verdict,
      experiment: experiment.id,
      sent: delivery.sentNs,
      skew: delivery.skewNs,
      frame: sent === null ? -1 : frameId(sent),
      due: sent === null || probe === undefined ? -1 : frameId(dueOnWire(sent, probe.wireTags)),
      dead:
        detail === null
          ? []
          : deadLeaves(detail.manifest.topology.legs, faultStateAt(detail.manifest, sentNs).deadLegs),
      leaves: Object.entries(delivery.leaves).map(([leaf, seen]) => ({
        leaf,
        outcome: seen.outcome,
        word: outcomeWord(seen.outcome),
        tone: outcomeTone(seen.outcome),
        copies: seen.copies.map((copy) => {
          const bytes = details.frame?.(experiment.id, leaf, copy) ?? index?.frameOf(leaf, copy) ?? null;
          return {
            at: Number(BigInt(copy.tNs) - sentNs),
            differences: copy.differences,
            frame: bytes === null ? -1 : frameId(bytes),
          };
        }),
      })),
    });
    deliveryIds.set(key, deliveries.length - 1);
    return deliveries.length - 1;
  };

  const push = (ladder: PageLadder): string => String(ladders.push(ladder) - 1);

  return {
    add: (group, kind, state, leaves) => {
      if (group.deliveries.length === 0) return null;
      return push({
        title: `${kind.title}, ${group.plane}, ${state.title}`,
        leaves,
        total: group.deliveries.length,
        examples: leaves.map((leaf) =>
          choose(group.deliveries, (delivery) => isBadAt(delivery, leaf), EXAMPLES).map(deliveryId),
        ),
        evidence: [...new Set(group.deliveries.map((ref) => `${evidence}/${ref.experiment.id}`))],
      });
    },
    addExperiment: (experiment) => {
      const failing = (experiment.judgement?.deliveries ?? []).filter(isProblem);
      if (failing.length === 0) return null;
      const limit = experiment.intent.type === 'control' ? CONTROL_EXAMPLES : EXAMPLES;
      return push({
        title: `${experiment.scenario}, ${experiment.dataplane}: deliveries that did not pass`,
        leaves: [],
        total: failing.length,
        examples: [failing.slice(0, limit).map((delivery) => deliveryId({ experiment, delivery }))],
        evidence: [`${evidence}/${experiment.id}`],
      });
    },
    data: () => ({ ladders, deliveries, frames }),
  };
}

/** Neither right nor merely recorded. */
function isProblem(delivery: Delivery): boolean {
  return delivery.verdict !== 'pass' && delivery.verdict !== 'skipped';
}

function isBadAt(delivery: Delivery, leaf: string): boolean {
  const seen = delivery.leaves[leaf];
  return seen !== undefined && outcomeTone(seen.outcome) !== 'good' && outcomeTone(seen.outcome) !== 'quiet';
}

/** Failing at this leaf first, then failing elsewhere, then good ones of different senders. */
function choose(
  refs: readonly DeliveryRef[],
  bad: (delivery: Delivery) => boolean,
  limit: number,
): readonly DeliveryRef[] {
  const here = refs.filter((ref) => bad(ref.delivery));
  const elsewhere = refs.filter((ref) => isProblem(ref.delivery) && !bad(ref.delivery));
  const chosen = [...here, ...elsewhere].slice(0, limit);
  const senders = new Set<string>();
  for (const ref of refs) {
    if (chosen.length >= limit || senders.size >= GOOD_EXAMPLES) break;
    if (bad(ref.delivery) || isProblem(ref.delivery) || senders.has(ref.delivery.sender)) continue;
    senders.add(ref.delivery.sender);
    chosen.push(ref);
  }
  return chosen;
}

function deadLeaves(
  legs: readonly { readonly name: string; readonly leaf: string }[],
  deadLegs: readonly string[],
): readonly string[] {
  return legs.filter((leg) => deadLegs.includes(leg.name)).map((leg) => leg.leaf);
}
