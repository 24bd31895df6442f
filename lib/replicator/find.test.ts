import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { UserError } from '../userError.js';
import { DEFAULTS } from '../defaults.js';
import { mutantNamed } from '../registries.js';
import { replicatorNamed } from './find.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-replicator-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const OURS = 'name: ours\ndescription: Ours.\nprofile: ./profiles/ours.yaml\nargv: [true]\nreadyLine: x\n'.replace(
  '[true]',
  '["true"]',
);
const PROFILE = 'name: our-profile\ntitle: Ours\nsource: here\n';

function said(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message}${error.hint === null ? '' : ` (${error.hint})`}`;
  }
  return 'nothing';
}

test('a name that is none gets the nearest, and all', () => {
  expect(said(() => replicatorNamed('ovs-grup', DEFAULTS))).toBe(
    'unknown replicator "ovs-grup"; did you mean "ovs-group"? (known: ovs-group, nft-dup, ebpf, tc-cbpf, tc-flower, broadcast-neighbor, ovs-group-class, ovs-controller, ovs-group-two-tags, none, or the path of a YAML file that describes your own)',
  );
});

test('every mutant has a name of its own, and is found by it', () => {
  expect(new Set(DEFAULTS.mutants.map(({ name }) => name)).size).toBe(DEFAULTS.mutants.length);
  for (const mutant of DEFAULTS.mutants) expect(mutantNamed(mutant.name, DEFAULTS)).toBe(mutant);
  expect(said(() => mutantNamed('arp-onyl', DEFAULTS))).toContain('did you mean "arp-only"?');
});

test('a profile file is found beside the replicator file', ({ folder }) => {
  mkdirSync(join(folder, 'profiles'));
  writeFileSync(join(folder, 'ours.yaml'), OURS);
  writeFileSync(join(folder, 'profiles/ours.yaml'), PROFILE);
  const { name, profile } = replicatorNamed(join(folder, 'ours.yaml'), DEFAULTS);
  expect({ name, profile: profile.name }).toEqual({ name: 'ours', profile: 'our-profile' });
});

test('a profile file that is not there, or wrong, is named with its place', ({ folder }) => {
  const file = join(folder, 'ours.yaml');
  const profile = join(folder, 'profiles/ours.yaml');
  writeFileSync(file, OURS);
  expect(said(() => replicatorNamed(file, DEFAULTS))).toBe(
    `${file}:3:10: profile ${profile} cannot be read: there is no such file; give a path relative to this file, or the name of a built-in profile`,
  );
  mkdirSync(join(folder, 'profiles'));
  writeFileSync(profile, `${PROFILE}duties: 3\n`);
  expect(said(() => replicatorNamed(file, DEFAULTS))).toContain(`${profile}:4:1: `);
});

test('a file that is not there, a folder, and bytes that are no text', ({ folder }) => {
  expect(said(() => replicatorNamed('./none.yml', DEFAULTS))).toBe(
    'replicator ./none.yml cannot be read: there is no such file (name a YAML file such as docs/examples/replicator/ovs-flows.yaml)',
  );
  expect(said(() => replicatorNamed(folder, DEFAULTS))).toContain('it is a folder');
  writeFileSync(join(folder, 'bytes.yaml'), Buffer.from([0xff, 0xfe, 0xfd]));
  expect(said(() => replicatorNamed(join(folder, 'bytes.yaml'), DEFAULTS))).toContain('it is not UTF-8 text');
});

test('the example in the documentation can be used', () => {
  expect(replicatorNamed(join(PACKAGE_ROOT, 'docs/examples/replicator/ovs-flows.yaml'), DEFAULTS)).toMatchObject({
    name: 'ovs-flows',
    profile: { name: 'ovs-group' },
  });
});
