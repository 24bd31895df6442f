import { formOf } from '../../profile/duty.js';
import { KINDS, type TagForm } from '../../wire/kinds.js';
import { listed } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';

/** Neighbor frames of hosts that were seen and owe nothing: whoever hears of no other ones must be told of these. */
export interface Unjudged {
  /** Of a frame that the profile does not judge. */
  note(seen: Seen): void;
  /** Senders of such frames. */
  senders(): ReadonlySet<number>;
  /** Why nothing is known about these senders, of whom no other neighbor frame was seen. */
  finding(senders: readonly number[], who: string, context: UnjudgedContext): Finding;
}

export interface UnjudgedContext {
  readonly leaves: readonly string[];
  /** Name of the profile. */
  readonly profile: string;
  readonly verdict: 'inconclusive' | 'note';
}

const NEIGHBOR_CODES: ReadonlySet<number> = new Set(
  KINDS.flatMap(({ expected }, code) => (expected === 'one-each' ? [code] : [])),
);

const FORM_TEXT: Readonly<Record<TagForm, string>> = {
  untagged: 'without a VLAN tag',
  tagged: 'with a VLAN tag',
  qinq: 'with two VLAN tags or more',
};

export function createUnjudged(leaves: number): Unjudged {
  const counts = new Map<number, { readonly form: TagForm; readonly perLeaf: Float64Array }[]>();
  return {
    note({ sender, kind, tags, words }) {
      if (sender === 0 || !NEIGHBOR_CODES.has(kind)) return;
      const form = formOf(tags);
      let forms = counts.get(sender);
      if (forms === undefined) counts.set(sender, (forms = []));
      let entry = forms.find((other) => other.form === form);
      if (entry === undefined) forms.push((entry = { form, perLeaf: new Float64Array(leaves) }));
      for (let leaf = 0; leaf < leaves; leaf++)
        entry.perLeaf[leaf] = (entry.perLeaf[leaf] ?? 0) + copiesIn(words[leaf] ?? 0);
    },
    senders: () => new Set(counts.keys()),
    finding(senders, who, { leaves: names, profile, verdict }) {
      const sums = names.map(() => 0);
      const forms = new Set<TagForm>();
      for (const sender of senders)
        for (const { form, perLeaf } of counts.get(sender) ?? []) {
          forms.add(form);
          perLeaf.forEach((count, leaf) => (sums[leaf] = (sums[leaf] ?? 0) + count));
        }
      return {
        property: 'validity',
        signature: 'nothing-judged',
        verdict,
        count: sums.reduce((sum, count) => sum + count, 0),
        probes: [],
        sentence: `The profile ${profile} does not judge neighbor frames ${listed([...forms].map((form) => FORM_TEXT[form]))}, and there are no other ones of ${who} (${listed(names.map((leaf, at) => `${sums[at] ?? 0} on ${leaf}`))}).`,
      };
    },
  };
}
