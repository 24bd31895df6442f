import { judge } from '../judge/judge.js';
import type { Judgement } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import { captureChunks } from './read.js';
import type { Evidence } from './types.js';

/** Judges an evidence folder that was read with `readEvidence`, under its own profile unless another is given. */
export function judgeEvidence(evidence: Evidence, profile: Profile = evidence.manifest.profile): Judgement {
  return judge({ manifest: evidence.manifest, probes: evidence.probes, capture: (tap) => captureChunks(evidence, tap) }, profile);
}
