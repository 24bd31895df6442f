/** `everyleaf`: what scenarios and a config import. */
export { defineConfig, type Config } from './config.js';
export { scenario } from './runner/scenario.js';
export type { ScenarioSetup } from './runner/setup.js';
export { expect } from './trial/matchers.js';
export { KINDS, type KindId } from './wire/kinds.js';
export {
  ADDRESSED_KINDS,
  ARP_KINDS,
  DATA_KINDS,
  LEAF_KINDS,
  MALFORMED_KINDS,
  ND_KINDS,
  NEAR_MISS_KINDS,
  OWN_PORT_KINDS,
  ROUTER_KINDS,
} from '../scenarios/kinds.js';
export type { Trial } from './trial/trial.js';
