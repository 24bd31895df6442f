import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from './json.js';
import { MANIFEST_FILE, NEIGHBORS_FILE, PROBES_FILE, TRAFFIC_FILE } from './read.js';
import type { EvidenceManifest, NeighborHistory, Probe, TrafficHistory } from './types.js';

/** Histories that only some experiments have. */
export interface Histories {
  readonly neighbors?: NeighborHistory;
  readonly traffic?: TrafficHistory;
}

/**
 * Writes `probes.json`, then `evidence.json`, making the folder if need be; the captures are already there or follow.
 * Each file appears whole or not at all, and the manifest last: a folder without it is no evidence.
 */
export function writeEvidence(
  folder: string,
  manifest: EvidenceManifest,
  probes: readonly Probe[],
  { neighbors, traffic }: Histories = {},
): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, PROBES_FILE), stableJson(probes));
  if (neighbors !== undefined) writeWhole(join(folder, NEIGHBORS_FILE), stableJson(neighbors));
  if (traffic !== undefined) writeWhole(join(folder, TRAFFIC_FILE), stableJson(traffic));
  writeWhole(
    join(folder, MANIFEST_FILE),
    stableJson({
      ...manifest,
      ...(neighbors === undefined ? {} : { neighbors: NEIGHBORS_FILE }),
      ...(traffic === undefined ? {} : { traffic: TRAFFIC_FILE }),
    }),
  );
}

function writeWhole(file: string, text: string): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
