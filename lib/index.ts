/** What a scenario file imports. */
export { scenario } from './runner/scenario.js';
export { expect } from './trial/matchers.js';
