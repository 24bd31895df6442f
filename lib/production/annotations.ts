import { KINDS } from '../wire/kinds.js';
import type { Seen } from '../judge/captures/contentTally.js';
import { NO_EXCUSE, settleCarried, type Excuse } from '../judge/vantage/carried.js';
import { createPatternTally, type Owed } from '../judge/rules/pattern.js';
import { dutyOf, formOf } from '../profile/duty.js';
import type { Profile } from '../profile/types.js';
import type { Outcome } from '../judge/types.js';
import { copiesIn } from '../judge/read/sightingBits.js';
import { duration, listed } from '../judge/tell/phrasing.js';

/** What is said about each frame of each capture; 16 bytes a frame. */
export interface Annotations {
  /** Told by the judge of every frame it settles. */
  readonly note: (seen: Seen) => void;
  /** What was noted counts no more. */
  readonly forget: () => void;
  /** Orders what was noted; comments are looked up in file order after that. */
  finish(valid: readonly boolean[], excuse?: Excuse): void;
  /** The comment on the record of a leaf's capture; records must be asked for in file order. */
  comment(leaf: number, offset: number): string;
}

export function createAnnotations(leaves: readonly string[], profile: Profile): Annotations {
  const shapes: { readonly seen: Seen; readonly isStranger: boolean }[] = [];
  const byKey = new Map<string, number>();
  const offsets = leaves.map(() => growable(Float64Array));
  const notes = leaves.map(() => growable(Float64Array));
  let order: Uint32Array[] = [];
  let texts: string[] = [];
  const at = leaves.map(() => 0);

  function shapeOf(seen: Seen): number {
    const key = `${seen.kind} ${seen.tags} ${seen.sender === 0 ? 'x' : ''} ${seen.words.join()}`;
    let shape = byKey.get(key);
    if (shape === undefined) {
      byKey.set(key, (shape = shapes.length));
      shapes.push({ seen, isStranger: seen.sender === 0 });
    }
    return shape;
  }

  return {
    note(seen) {
      const shape = shapeOf(seen);
      // Shape and skew in one number: 21 bits and 32 bits (4 s) of a double's 53.
      const note =
        Math.min(shape, 0x1fffff) * 0x1_0000_0000 + Math.min(0xffffffff, Math.round(seen.lastNs - seen.firstNs));
      seen.words.forEach((word, leaf) => {
        if (copiesIn(word) === 0) return;
        offsets[leaf]?.push(seen.offsets[leaf] ?? 0);
        notes[leaf]?.push(note);
      });
      for (const { leaf, offset } of seen.extra) {
        offsets[leaf]?.push(offset);
        notes[leaf]?.push(note);
      }
    },
    forget() {
      for (const list of [...offsets, ...notes]) list.clear();
    },
    finish(valid, excuse = NO_EXCUSE) {
      const tally = createPatternTally(0);
      texts = shapes.map(({ seen, isStranger }) => {
        const kind = KINDS[seen.kind] ?? KINDS[0];
        const owed: Owed = isStranger ? 'unjudged' : dutyOf(profile, kind.id, formOf(seen.tags));
        const pattern = tally.add(seen.sender, seen.kind, formOf(seen.tags), owed, seen.words, false, 1, -1);
        return textOf(
          owed,
          settleCarried(pattern, valid, profile.deadLegMustBeSilent, excuse).settled.outcomes,
          seen.words,
          leaves,
        );
      });
      order = offsets.map((list) => {
        const values = list.values();
        return Uint32Array.from({ length: values.length }, (_, i) => i).sort(
          (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
        );
      });
    },
    comment(leaf, offset) {
      const sorted = order[leaf];
      const values = offsets[leaf]?.values();
      if (sorted === undefined || values === undefined) return '';
      let i = at[leaf] ?? 0;
      while (i < sorted.length && (values[sorted[i] ?? 0] ?? 0) < offset) i++;
      at[leaf] = i;
      const found = sorted[i];
      if (found === undefined || values[found] !== offset) return '';
      const note = notes[leaf]?.values()[found] ?? 0;
      const skew = note % 0x1_0000_0000;
      const text = texts[Math.floor(note / 0x1_0000_0000)] ?? '';
      return text.startsWith('delivered') ? `${text}, skew ${duration(skew)}` : text;
    },
  };
}

/** "delivered 2/2", "missing on leaf-b", "duplicate on leaf-a; missing on leaf-b" */
export function textOf(owed: Owed, outcomes: readonly Outcome[], words: Uint8Array, leaves: readonly string[]): string {
  if (owed === 'unjudged' || owed === 'never') return 'not judged';
  const on = (wanted: Outcome): readonly string[] => leaves.filter((_, leaf) => outcomes[leaf] === wanted);
  if (owed === 'single') {
    const seen = leaves.filter((_, leaf) => copiesIn(words[leaf] ?? 0) > 0);
    return seen.length > 1 ? `copied: must be sent once, seen on ${listed(seen)}` : `sent once, on ${listed(seen)}`;
  }
  const wrong = (['missing', 'duplicate', 'altered', 'late', 'unexpected', 'unknown'] as const).flatMap((outcome) => {
    const where = on(outcome);
    return where.length === 0 ? [] : [`${outcome} on ${listed(where)}`];
  });
  const open = on('not-judged');
  if (open.length > 0) wrong.push(`not judged on ${listed(open)}`);
  return wrong.length > 0 ? wrong.join('; ') : `delivered ${on('delivered').length}/${leaves.length}`;
}

interface Growable {
  push(value: number): void;
  clear(): void;
  /** A view that is valid until the next push. */
  values(): Float64Array;
}

function growable(make: Float64ArrayConstructor): Growable {
  let values = new make(1_024);
  let size = 0;
  return {
    push(value) {
      if (size === values.length) {
        const larger = new make(2 * size);
        larger.set(values);
        values = larger;
      }
      values[size++] = value;
    },
    clear() {
      size = 0;
    },
    values: () => values.subarray(0, size),
  };
}
