import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { defaultTraits } from '../testing/defaultLab.js';
import { makeLab } from '../judge/testing/lab.js';
import { EvidenceError } from './error.js';
import { olderPlane } from './older.js';
import { readEvidence } from './read.js';
import type { TimelineEvent } from './types.js';
import { writeEvidence } from './write.js';

test('planes of version 0.1.0 have the traits that they have now', () => {
  for (const mode of ['active-backup', 'balance-slb', 'balance-tcp']) {
    expect(olderPlane(`ovs-bond/${mode}`)).toEqual(defaultTraits(mode));
    expect(olderPlane('made-up', mode)).toEqual(defaultTraits(mode));
  }
  expect(olderPlane('linux-bridge/active-backup')).toBeNull();
  expect(olderPlane('unknown', 'balance-xor')).toBeNull();
});

test('a cable that flapped in evidence of version 0.1.0 did so again and again; no other event is touched', () => {
  const at = { fromNs: '1', toNs: '2' };
  const flap: TimelineEvent = { type: 'leg', leg: 'leg-a', state: 'up', verb: 'flap', ...at };
  const others: readonly TimelineEvent[] = [
    { ...flap, verb: 'plug' },
    { type: 'mark', text: 'flap', ...at },
  ];
  const timeline = [flap, ...others];
  const folder = stored((file) => (file['timeline'] = timeline));
  expect(readEvidence(folder).manifest.timeline).toEqual([{ ...flap, repeats: true }, ...others]);
  rmSync(folder, { recursive: true });
});

/** Evidence in which the file says this of its data plane. */
function stored(change: (file: Record<string, unknown>) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-older-'));
  const { manifest, probes } = makeLab({ mode: 'balance-slb' }).input();
  writeEvidence(folder, manifest, probes);
  const file = join(folder, 'evidence.json');
  const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(value);
  writeFileSync(file, JSON.stringify(value));
  return folder;
}

test('evidence without traits gets them when it is read; what is written is believed', () => {
  const older = stored((file) => delete file['plane']);
  expect(readEvidence(older).manifest.plane).toEqual(defaultTraits('balance-slb'));
  const own = { ...defaultTraits('balance-slb'), kind: 'ours', spreads: 'no' };
  const newer = stored((file) => (file['plane'] = own));
  expect(readEvidence(newer).manifest.plane).toEqual(own);
  const wrong = stored((file) => (file['plane'] = { ...own, spreads: 'perhaps' }));
  expect(() => readEvidence(wrong)).toThrow(EvidenceError);
  expect(() => readEvidence(wrong)).toThrow(/evidence\.json: plane\.spreads: /);
  for (const folder of [older, newer, wrong]) rmSync(folder, { recursive: true });
});
