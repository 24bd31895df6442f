import { KINDS } from '../wire/kinds.js';
import type { Claims } from './captures/captureClaims.js';
import type { LabRecord } from './read/labRecord.js';
import { unknownSkewReason, type UnknownSkew } from './rules/farApart.js';
import { listed, plural, some } from './tell/phrasing.js';
import type { Finding } from './types.js';
import { calibrated } from './vantage/calibrated.js';
import { DEMANDED, UNDECLARED, type Vantage } from './vantage/vantages.js';

/** What the captures of a lab carry; `isSaid` is false where they carry everything, as at the leaves' own ports. */
export function labClaims({ manifest, leaves, clocks }: LabRecord, unknownSkew: UnknownSkew): Claims {
  const { vantages = {}, vantageLosses = {} } = manifest;
  const skew = unknownSkewReason(unknownSkew, leaves, clocks);
  const tried = leaves.map((leaf) => {
    const record = vantages[leaf];
    return record === undefined ? null : calibrated(record, vantageLosses[leaf] ?? null);
  });
  const whyNot: Claims['whyNot'] = (leaf, claim) => tried[leaf]?.whyNot(claim) ?? (claim === 'skew' ? skew : null);
  return {
    vantages: leaves.map((leaf): Vantage => {
      const name = vantages[leaf]?.kind;
      return name === undefined ? UNDECLARED : { name, losses: vantageLosses[leaf] ?? null };
    }),
    demanded: DEMANDED,
    isSaid: skew !== null || Object.keys(vantages).length > 0,
    whyNot,
    excuse(leaf, claim, pattern) {
      const place = tried[leaf] ?? null;
      if (place === null) return false;
      const kind = pattern === undefined ? undefined : KINDS[pattern.kind]?.id;
      const isBlind = kind !== undefined && pattern !== undefined && place.isBlind(kind, pattern.form);
      return isBlind || place.whyNot(claim) !== null;
    },
  };
}

/** Frames of kinds that a leaf's vantage does not show: whether they came there is not known, so that nothing passes. */
export function blindFindings(
  { manifest, probes, leaves }: LabRecord,
  isDue: (probe: number) => boolean,
): readonly Finding[] {
  const { vantages = {} } = manifest;
  return leaves.flatMap((leaf): readonly Finding[] => {
    const record = vantages[leaf];
    if (record === undefined) return [];
    const unseen = record.canaries.filter(({ copies }) => copies === 0);
    const forms = ['untagged', 'tagged', 'qinq'] as const;
    const blind = probes.filter(
      ({ id, kind, wireTags }) =>
        isDue(id) && unseen.some((canary) => canary.kind === kind && canary.form === forms[wireTags.length]),
    );
    if (blind.length === 0) return [];
    const kinds = [...new Set(blind.map(({ kind }) => plural(kind)))];
    return [
      {
        property: 'validity',
        signature: 'nothing-judged',
        verdict: 'inconclusive',
        leaf,
        count: blind.length,
        probes: blind.map(({ id }) => id),
        sentence: `Whether ${some(blind.length, 'frame')} reached ${leaf} is not known: its ${record.kind} (${record.at}) does not show ${listed(kinds)} as they were tagged.`,
      },
    ];
  });
}
