import { defineConfig } from 'everyleaf';
import { bridgeLegs } from './bridgeLegs.js';
import { jumboLegs } from './jumboLegs.js';
import { arpAlone, forgetsNd, legCopies } from './legCopies.js';
import { loseRequests } from './loseRequests.js';
import { promises } from './promises.js';
import { shrinkMtu } from './shrinkMtu.js';

export default defineConfig({
  scenarios: './scenarios',
  topologies: './topologies',
  out: './reports',
  testbeds: [jumboLegs],
  dataPlanes: [bridgeLegs],
  replicators: [legCopies, arpAlone],
  faults: [shrinkMtu],
  profiles: [promises],
  mutants: [forgetsNd],
  tampers: [loseRequests],
});
