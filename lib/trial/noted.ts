import type { TimelineChange } from '../evidence/types.js';
import type { Fault, FaultEffect, FaultSite } from '../fault/fault.js';

/** A fault in force, and where. */
export interface Standing {
  readonly fault: Fault;
  readonly site: FaultSite;
}

const repeats = ({ fault }: Standing): { readonly repeats?: boolean } =>
  fault.rhythm === undefined ? {} : { repeats: true };

/** The changes that a fault makes, as the timeline has them. */
export function begun(one: Standing): readonly TimelineChange[] {
  const { name, pastTense } = one.fault;
  return one.fault.effects(one.site).begin.map((effect) => ({ ...effect, verb: name, pastTense, ...repeats(one) }));
}

/** What an effect is about; only the last one of a subject counts. */
function subjectOf(effect: FaultEffect): string {
  switch (effect.type) {
    case 'leg':
    case 'partner':
      return `${effect.type} ${effect.leg}`;
    case 'wire':
      return `wire ${effect.leg} ${effect.direction}`;
    case 'daemon':
      return `daemon ${effect.node} ${effect.what}`;
  }
}

/**
 * What its repair changes; if another fault still breaks the same thing, that state is recorded again, because it is
 * what holds now.
 */
export function mended(one: Standing, others: readonly Standing[]): readonly TimelineChange[] {
  const { end } = one.fault.effects(one.site);
  const subjects = new Set(end.map(subjectOf));
  return [
    ...end.map((effect): TimelineChange => ({ ...effect, verb: one.fault.undoName, ...repeats(one) })),
    ...others.flatMap(begun).filter((change) => 'verb' in change && subjects.has(subjectOf(change))),
  ];
}
