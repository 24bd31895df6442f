import { stableJson } from '../evidence/json.js';
import { PROFILES } from '../profile/builtIn.js';
import type { Profile } from '../profile/types.js';
import { sha256 } from './sums.js';

/** `sha256:...` of what a profile says, all of it. Its name alone shows nothing: anyone can give one any name. */
export function profileDigest(profile: Profile): string {
  return `sha256:${sha256(stableJson(profile))}`;
}

const BUILT_IN: ReadonlyMap<string, string> = new Map(
  PROFILES.map((profile) => [profile.name, profileDigest(profile)]),
);

export const PROFILE_NAMES: readonly string[] = [...BUILT_IN.keys()];

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest that a requirement demands, given the name of a built-in profile or a digest; null where it is neither. */
export function demandedDigest(profile: string): string | null {
  return DIGEST.test(profile) ? profile : (BUILT_IN.get(profile) ?? null);
}

/** Whether a profile is one of those that this everyleaf brings, to the letter. */
export function isBuiltIn({ name, digest }: { readonly name: string; readonly digest: string }): boolean {
  return BUILT_IN.get(name) === digest;
}
