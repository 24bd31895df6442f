/** In each bundle: what the next release is compared with. */
export const RELEASE_FILE = 'release.json';
/** In a bundle that names the release before: that one's `release.json`, and the digest of its sums. */
export const BASELINE_FILE = 'baseline.json';
