import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { makeLab } from '../judge/testing/lab.js';
import type { JudgeInput } from '../judge/judge.js';
import { EvidenceError } from './error.js';
import { stableJson } from './json.js';
import { judgeEvidence } from './judge.js';
import { readEvidence } from './read.js';
import { writeEvidence } from './write.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-evidence-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

function sample(): JudgeInput {
  const lab = makeLab();
  lab.edge('leg-b', 'down', 9_000_000_000);
  lab.deliver(lab.send('arp-reply-unicast', { tags: [{ tpid: 0x8100, vid: 10, pcp: 3, dei: false }] }));
  lab.deliver(lab.send('data-udp', { flow: 3 }), ['leaf-a']);
  return lab.input({
    audit: [{ name: 'group', ok: true, value: 'there', command: 'ovs-ofctl' }],
    macTables: [{ atNs: '1', entries: [], moves: { host: 2 } }],
    stacks: ['vm1'],
  });
}

function store(folder: string, { manifest, probes, capture }: JudgeInput): void {
  writeEvidence(folder, manifest, probes);
  for (const tap of manifest.taps) writeFileSync(join(folder, tap.file), Buffer.concat([...capture(tap)]));
}

test('what is written is read again, and leaves nothing half-written', ({ folder }) => {
  const input = sample();
  const deep = join(folder, 'run', 'evidence');
  store(deep, input);
  const evidence = readEvidence(deep);
  expect(evidence.manifest).toEqual(input.manifest);
  expect(evidence.probes).toEqual(input.probes);
  expect(readdirSync(deep).sort()).toEqual([
    'evidence.json',
    'leaf-a.pcap',
    'leaf-b.pcap',
    'probes.json',
    'to-leg-b.pcap',
  ]);
});

test('a folder is judged again to the same bytes', ({ folder }) => {
  store(folder, sample());
  const first = judgeEvidence(readEvidence(folder));
  expect(first.verdict).toBe('pass');
  expect(JSON.stringify(judgeEvidence(readEvidence(folder)))).toBe(JSON.stringify(first));
});

test('a capture that is not there is left to its certificate', ({ folder }) => {
  store(folder, sample());
  rmSync(join(folder, 'leaf-b.pcap'));
  const judgement = judgeEvidence(readEvidence(folder));
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-b']?.valid).toBe(false);
});

test('a capture that cannot be read is an error that names it', ({ folder }) => {
  store(folder, sample());
  rmSync(join(folder, 'leaf-b.pcap'));
  mkdirSync(join(folder, 'leaf-b.pcap'));
  expect(() => judgeEvidence(readEvidence(folder))).toThrow(/leaf-b\.pcap/);
});

const BAD: readonly (readonly [string, string, (value: Record<string, unknown>) => void, RegExp])[] = [
  [
    'another schema',
    'evidence.json',
    (m) => {
      m['schema'] = 2;
    },
    /evidence\.json: schema: Invalid input: expected 1/,
  ],
  [
    'a salt that is none',
    'evidence.json',
    (m) => {
      m['salt'] = -1;
    },
    /evidence\.json: salt/,
  ],
  [
    'a capture outside the folder',
    'evidence.json',
    (m) => {
      firstTap(m)['file'] = '../../etc/passwd';
    },
    /taps\.0\.file: a file name without a folder/,
  ],
  [
    'a leaf tap without leg',
    'evidence.json',
    (m) => {
      delete firstTap(m)['leg'];
    },
    /leaf tap "leaf-a" needs a leg of the topology \(leg-a, leg-b\)/,
  ],
  [
    'an unknown leg on the timeline',
    'evidence.json',
    (m) => {
      item(m['timeline'], 0)['leg'] = 'leg-z';
    },
    /the timeline names leg "leg-z"/,
  ],
  [
    'an edge that ends before it begins',
    'evidence.json',
    (m) => {
      item(m['timeline'], 0)['toNs'] = '1';
    },
    /ends before it begins/,
  ],
  [
    'a count of moves below zero',
    'evidence.json',
    (m) => {
      item(m['macTables'], 0)['moves'] = { host: -1 };
    },
    /macTables\.0\.moves\.host/,
  ],
  [
    'two taps of one name',
    'evidence.json',
    (m) => {
      firstTap(m)['name'] = 'leaf-b';
    },
    /two taps are called "leaf-b"/,
  ],
  [
    'an unknown kind',
    'probes.json',
    (p) => {
      probe(p, 0)['kind'] = 'arp';
    },
    /probes\.json: 0\.kind: a kind of the catalogue/,
  ],
  [
    'a frame that is no hex',
    'probes.json',
    (p) => {
      probe(p, 0)['frame'] = 'zz';
    },
    /0\.frame: a frame as lower-case hex/,
  ],
  [
    'two probes of one id',
    'probes.json',
    (p) => {
      probe(p, 1)['id'] = 1;
    },
    /two probes have the id 1/,
  ],
];

for (const [what, file, change, message] of BAD) {
  test(`${what} is refused with the file and the place`, ({ folder }) => {
    store(folder, sample());
    const path = join(folder, file);
    const value = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(value);
    writeFileSync(path, JSON.stringify(value));
    expect(() => readEvidence(folder)).toThrow(EvidenceError);
    expect(() => readEvidence(folder)).toThrow(message);
  });
}

test('a folder without evidence, and one with a cut file, say so', ({ folder }) => {
  expect(() => readEvidence(folder)).toThrow(
    /evidence\.json: there is no such file; an evidence folder holds evidence\.json, probes\.json and the captures/,
  );
  store(folder, sample());
  writeFileSync(join(folder, 'evidence.json'), '{"schema": 1');
  expect(() => readEvidence(folder)).toThrow(/evidence\.json: not JSON.*take the evidence anew/);
});

test('stable JSON sorts keys and refuses what JSON would lose', () => {
  expect(stableJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe(
    '{\n "a": null,\n "b": [\n  1,\n  {\n   "d": 1\n  }\n ]\n}\n',
  );
  expect(() => stableJson({ a: [Number.NaN] })).toThrow('$.a[0] is NaN');
  expect(() => stableJson({ a: 1n })).toThrow('$.a is a bigint');
});

function firstTap(manifest: Record<string, unknown>): Record<string, unknown> {
  return item(manifest['taps'], 0);
}

function probe(probes: unknown, at: number): Record<string, unknown> {
  return item(probes, at);
}

function item(list: unknown, at: number): Record<string, unknown> {
  const found = (list as Record<string, unknown>[])[at];
  if (found === undefined) throw new Error(`nothing at ${at}`);
  return found;
}
