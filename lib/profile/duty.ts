import { kindEntry, type Expectation, type KindId, type TagForm } from '../wire/kinds.js';
import type { Duty, Profile } from './types.js';

/**
 * What a frame owes under this profile: its row, else the catalogue's default. Two tags are up to the profile
 * alone, so without a row a frame that should be on every leaf is not judged in that form.
 */
export function dutyOf(profile: Profile, kind: KindId, form: TagForm): Duty {
  const row = profile.duties[kind];
  const said = typeof row === 'object' ? row[form] : row;
  if (said !== undefined) return said;
  const duty = BY_CATALOGUE[kindEntry(kind).expected];
  return duty === 'replicated' && form === 'qinq' ? 'unjudged' : duty;
}

const BY_CATALOGUE: Readonly<Record<Expectation, Duty>> = {
  'one-each': 'replicated',
  single: 'single',
  profile: 'unjudged',
  'own-port': 'unjudged',
  informational: 'unjudged',
};

/** How many tags a frame wears on the leaf's port. */
export function formOf(tagCount: number): TagForm {
  return tagCount === 0 ? 'untagged' : tagCount === 1 ? 'tagged' : 'qinq';
}
