import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from './json.js';
import { MANIFEST_FILE, PROBES_FILE } from './read.js';
import type { EvidenceManifest, Probe } from './types.js';

/**
 * Writes `probes.json`, then `evidence.json`, making the folder if need be; the captures are already there or follow. Each file appears
 * whole or not at all, and the manifest last: a folder without it is no evidence.
 */
export function writeEvidence(folder: string, manifest: EvidenceManifest, probes: readonly Probe[]): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, PROBES_FILE), stableJson(probes));
  writeWhole(join(folder, MANIFEST_FILE), stableJson(manifest));
}

function writeWhole(file: string, text: string): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
