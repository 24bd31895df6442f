import type { Delivery, LeafDelivery } from '../judge/types.js';
import { createCaptureIndex } from '../report/captureIndex.js';
import { outcomeTone } from '../report/cellText.js';
import type { ExperimentDetails, ReportDetails } from '../report/details.js';
import { dueOnWire } from '../report/wireFrame.js';
import type { TrialRecord } from '../run/result.js';
import { fromHex, hex } from '../wire/bytes.js';
import { fieldsOf, summariseFrame } from '../wire/describe.js';
import { kindEntry } from '../wire/kinds.js';
import type { FirstFailure } from './types.js';

/** The leaf that is told of, where more than one is wrong: something is wrong there, before nothing is claimed. */
function wrongLeaf({ leaves }: Delivery): readonly [string, LeafDelivery] | null {
  return Object.entries(leaves).find(([, { outcome }]) => outcomeTone(outcome) === 'bad') ?? null;
}

/** What is wrong in a word. A frame that is due once and was seen at a second leaf was copied. */
function wrongWord({ duty }: Delivery, leaf: LeafDelivery | undefined): string {
  if (leaf === undefined) return duty === 'replicated' ? 'wrong' : duty === 'single' ? 'lost' : 'wrong';
  if (leaf.outcome === 'unexpected')
    return duty === 'single' || duty === 'at-most-once' ? 'copied' : 'where none may be';
  return leaf.outcome;
}

/** @param ns since 1970 */
function isoMicros(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String((ns % 1_000_000_000n) / 1000n).padStart(6, '0')}Z`;
}

/** Captures of a leaf's legs, as its own switch port heard them. */
function capturesOf(leaf: string, { manifest }: ExperimentDetails): readonly string[] {
  const legs = manifest.topology.legs.filter((leg) => leg.leaf === leaf).map(({ name }) => name);
  return manifest.taps.flatMap(({ role, leg, file }) =>
    role === 'leaf' && leg !== undefined && legs.includes(leg) ? [file] : [],
  );
}

/**
 * The first frame in time that failed in any of these experiments; null where what failed is no single frame.
 *
 * @param evidence folder of all experiments, relative to that of the cell
 */
export function firstFailure(
  experiments: readonly TrialRecord[],
  details: ReportDetails,
  evidence: string,
): FirstFailure | null {
  const failed = experiments.flatMap((experiment) =>
    (experiment.judgement?.deliveries ?? [])
      .filter(({ verdict }) => verdict === 'fail')
      .map((delivery) => ({ experiment, delivery })),
  );
  const [first] = failed.sort((a, b) => {
    const ns = BigInt(a.delivery.sentNs) - BigInt(b.delivery.sentNs);
    return ns === 0n ? a.delivery.probe - b.delivery.probe : ns < 0n ? -1 : 1;
  });
  if (first === undefined) return null;
  const { experiment, delivery } = first;
  const [leaf, seen] = wrongLeaf(delivery) ?? [null, undefined];
  const detail = details.experiment(experiment.id);
  const probe = detail?.probes.find(({ id }) => id === delivery.probe);
  const due = probe === undefined ? null : dueOnWire(fromHex(probe.frame), probe.wireTags);
  const sentNs = BigInt(delivery.sentNs);
  const path = (file: string): string => `${evidence}/${experiment.id}/${file}`;
  const index = detail === null ? null : createCaptureIndex(detail);
  return {
    scenario: experiment.scenario,
    experiment: experiment.id,
    probe: delivery.probe,
    kind: kindEntry(delivery.kind).title,
    sender: delivery.sender,
    leaf,
    wrong: wrongWord(delivery, seen),
    sentNs: delivery.sentNs,
    sentAt: isoMicros(sentNs),
    frame: due === null ? null : hex(due),
    summary: due === null ? null : summariseFrame(due),
    fields:
      due === null
        ? []
        : fieldsOf(due).map(({ layer, fields }) => ({
            layer,
            fields: fields.map(({ name, value }) => [name, value] as const),
          })),
    copies: Object.entries(delivery.leaves).flatMap(([at, { copies }]) =>
      copies.map((copy) => {
        const place = index?.placeOf(at, copy) ?? null;
        return {
          leaf: at,
          file: place === null ? null : path(place.file),
          number: place === null ? null : place.number,
          afterNs: Number(BigInt(copy.tNs) - sentNs),
          differences: copy.differences,
        };
      }),
    ),
    captures: leaf === null || detail === null ? [] : capturesOf(leaf, detail).map(path),
  };
}
