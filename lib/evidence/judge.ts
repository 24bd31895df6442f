import { judge } from '../judge/judge.js';
import type { Judgement } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import { captureChunks } from './read.js';
import type { Evidence } from './types.js';

/** The judge's result when the evidence was new. It is not read again: evidence is always judged again. */
export const JUDGEMENT_FILE = 'judgement.json';

/** Judges an evidence folder that was read with `readEvidence`, under its own profile unless another is given. */
export function judgeEvidence(evidence: Evidence, profile: Profile = evidence.manifest.profile): Judgement {
  const { manifest, probes, neighbors, traffic } = evidence;
  const capture = (tap: (typeof manifest.taps)[number]) => captureChunks(evidence, tap);
  return judge(
    {
      manifest,
      probes,
      capture,
      ...(neighbors === undefined ? {} : { neighbors }),
      ...(traffic === undefined ? {} : { traffic }),
    },
    profile,
  );
}
