/** The oldest Node this project runs on. Keep equal to `engines.node` in package.json (a test compares them). */
export const NODE_FLOOR = '20.19.0';

/** @param {string} version @returns {readonly [number, number, number]} */
function parts(version) {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, '').split(/[.-]/).map(Number);
  return [major, minor, patch];
}

/**
 * @param {string} version as in `process.versions.node`
 * @param {string} floor
 * @returns {string | null} what is wrong and what to do; null when the version will do
 */
export function nodeVersionProblem(version, floor = NODE_FLOOR) {
  const have = parts(version);
  const need = parts(floor);
  for (const i of /** @type {const} */ ([0, 1, 2])) {
    if (have[i] > need[i]) return null;
    if (have[i] < need[i]) {
      return (
        `Node ${version} is too old: everyleaf needs Node ${floor} or newer.\n` +
        `  Install Node 20 LTS or newer and start again (this one is ${process.execPath}).`
      );
    }
  }
  return null;
}
