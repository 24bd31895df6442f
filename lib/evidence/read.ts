import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { whyUnreadable } from '../files.js';
import { EvidenceError } from './error.js';
import { newerManifest, type StoredManifest } from './older.js';
import { manifestSchema, neighborHistorySchema, probesSchema, trafficHistorySchema } from './schema.js';
import type { Evidence, EvidenceManifest, NeighborHistory, Probe, Tap, TrafficHistory } from './types.js';

export const MANIFEST_FILE = 'evidence.json';
export const PROBES_FILE = 'probes.json';
export const NEIGHBORS_FILE = 'neighbors.json';
export const TRAFFIC_FILE = 'traffic.json';

/** Bytes of one read; the same buffer is used again for the next. */
const CHUNK_BYTES = 1 << 20;
/** What is no regular file says that it has no bytes. */
const CHUNK_BYTES_MIN = 1 << 12;
const SHOWN = 10;

/**
 * Reads and checks `evidence.json` and `probes.json` of a folder. Throws EvidenceError naming the file and what is
 * wrong.
 */
export function readEvidence(folder: string): Evidence {
  const absolute = resolve(folder);
  const manifestFile = join(absolute, MANIFEST_FILE);
  const probesFile = join(absolute, PROBES_FILE);
  // The tests keep schema and types in step: zod's optional keys are wider than exactOptionalPropertyTypes
  // allows.
  const manifest = today(manifestFile, checked(manifestFile, manifestSchema) as StoredManifest);
  const probes = checked(probesFile, probesSchema) as readonly Probe[];
  refuseContradictions(manifestFile, probesFile, manifest, probes);
  return {
    manifest,
    probes,
    folder: absolute,
    ...(manifest.neighbors === undefined
      ? {}
      : { neighbors: checked(join(absolute, manifest.neighbors), neighborHistorySchema) as NeighborHistory }),
    ...(manifest.traffic === undefined
      ? {}
      : { traffic: checked(join(absolute, manifest.traffic), trafficHistorySchema) as TrafficHistory }),
  };
}

/**
 * The bytes of a tap's capture. Each chunk is valid until the next is asked for. A file that is not there yields
 * nothing: a capture that never began is left to its certificate. Throws EvidenceError when it is there and cannot
 * be read.
 */
export function* captureChunks(evidence: Pick<Evidence, 'folder'>, tap: Pick<Tap, 'file'>): Iterable<Uint8Array> {
  const file = join(evidence.folder, tap.file);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return;
    throw new EvidenceError(`${file}: ${reason(error)}; make the capture readable`, { cause: error });
  }
  try {
    // Most captures are small, and a run has hundreds of them: memory is cleared before it is used.
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(CHUNK_BYTES_MIN, fstatSync(descriptor).size)));
    for (;;) {
      let read: number;
      try {
        read = readSync(descriptor, buffer, 0, buffer.length, null);
      } catch (error) {
        throw new EvidenceError(`${file}: ${reason(error)}; it must be a capture file that can be read`, {
          cause: error,
        });
      }
      if (read === 0) return;
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}

function checked(file: string, schema: z.ZodType): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const hint = isMissing(error)
      ? `an evidence folder holds ${MANIFEST_FILE}, ${PROBES_FILE} and the captures`
      : 'make it readable';
    throw new EvidenceError(`${file}: ${whyUnreadable(error)}; ${hint}`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EvidenceError(
      `${file}: not JSON: ${reason(error)}; the file was cut or edited, so take the evidence anew`,
      { cause: error },
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, SHOWN)
    .map((issue) => `${file}: ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`);
  if (result.error.issues.length > SHOWN) issues.push(`${file}: and ${result.error.issues.length - SHOWN} more`);
  throw new EvidenceError(issues.join('\n'));
}

function today(file: string, stored: StoredManifest): EvidenceManifest {
  const manifest = newerManifest(stored);
  if (manifest === null)
    throw new EvidenceError(
      `${file}: plane: the traits of the data plane "${stored.dataplane}" are missing; take the evidence anew`,
    );
  return manifest;
}

/** What a schema cannot say. */
function refuseContradictions(
  manifestFile: string,
  probesFile: string,
  manifest: EvidenceManifest,
  probes: readonly Probe[],
): void {
  const legs = new Set(manifest.topology.legs.map((leg) => leg.name));
  const secondLegs = new Set(manifest.topology.secondHost?.legs.map((leg) => leg.name));
  const ids = new Set<number>();
  for (const probe of probes) {
    if (ids.has(probe.id))
      throw new EvidenceError(`${probesFile}: two probes have the id ${probe.id}; an id names one frame`);
    ids.add(probe.id);
  }
  const names = new Set<string>();
  for (const tap of manifest.taps) {
    if (names.has(tap.name))
      throw new EvidenceError(`${manifestFile}: two taps are called "${tap.name}"; a name is one capture`);
    names.add(tap.name);
    const own = tap.role === 'second-host' ? secondLegs : legs;
    if (tap.role !== 'sender' && (tap.leg === undefined || !own.has(tap.leg))) {
      throw new EvidenceError(
        `${manifestFile}: ${tap.role} tap "${tap.name}" needs a leg of the topology (${[...own].join(', ')})`,
      );
    }
  }
  for (const event of manifest.timeline) {
    if ('leg' in event && !legs.has(event.leg))
      throw new EvidenceError(
        `${manifestFile}: the timeline names leg "${event.leg}", which the topology does not have`,
      );
    if (BigInt(event.toNs) < BigInt(event.fromNs))
      throw new EvidenceError(`${manifestFile}: an event of the timeline ends before it begins (${event.fromNs})`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
