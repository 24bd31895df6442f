import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

import { expect, test } from '@playwright/test';

import { thisMachine } from '../bootstrap/machine.mjs';
import { doctorText } from '../cli/doctorText.js';
import { examine } from './examine.js';
import { DEFAULTS } from '../defaults.js';
import { dataPlaneNamed } from '../registries.js';
import { probesFor } from './probes.js';
import type { Capability } from './types.js';

const MADE_UP: readonly Capability[] = [
  {
    name: 'good',
    neededFor: 'a',
    need: 'required',
    tools: ['ip'],
    script: 'ip link add name leg0 type veth peer name leg1',
  },
  {
    name: 'same names again',
    neededFor: 'b',
    need: 'required',
    tools: ['ip'],
    script: 'ip link add name leg0 type veth peer name leg1\ntest -d $W',
  },
  { name: 'bad', neededFor: 'c', need: 'required', tools: ['ip'], script: 'touch $W/x\nip link show $W\nip link' },
  {
    name: 'no tool',
    neededFor: 'd',
    need: 'optional',
    tools: ['nft', 'warp-drive'],
    debian: 'starship',
    script: 'warp-drive',
  },
];

test('each probe is tried by itself: what fails names its command and words, what is missing names its package', async () => {
  const findings = await examine(MADE_UP, thisMachine());
  expect(findings.map((finding) => finding.works)).toEqual([true, true, false, false]);
  expect(findings[2]).toMatchObject({ command: 'ip link show $W', hint: null });
  expect(findings[2]?.said).not.toBe('');
  expect(findings[3]).toMatchObject({
    said: 'warp-drive: not found',
    hint: 'apt-get install --no-install-recommends starship',
  });
  const text = doctorText(findings, 'this machine', undefined, (_colour, words) => words);
  expect(text).toContain('  fails  no tool           d\n');
  expect(text).toContain('-> apt-get install --no-install-recommends starship');
  expect(text).toContain('This machine cannot run the default qualification yet: bad.');
});

test('a tool that is not on the search path is missing, with the package that set-up would install', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  const findings = await examine(
    probesFor(undefined).filter((probe) => probe.name === 'tcpdump'),
    { ...thisMachine(), folders: [info.outputDir] },
  );
  expect(findings[0]).toMatchObject({
    works: false,
    need: 'required',
    said: 'tcpdump, ip, ping: not found',
    hint: 'apt-get install --no-install-recommends tcpdump iproute2 iputils-ping',
  });
});

test('closed namespaces fail every probe with the words of unshare', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  await writeFile(info.outputPath('unshare'), '#!/bin/sh\necho "unshare: Operation not permitted" >&2; exit 1\n', {
    mode: 0o755,
  });
  const machine = thisMachine();
  const findings = await examine(MADE_UP.slice(0, 1), { ...machine, folders: [info.outputDir, ...machine.folders] });
  expect(findings[0]).toMatchObject({ works: false, said: 'unshare: Operation not permitted' });
  expect(findings[0]?.hint).toMatch(/namespaces are closed/);
});

test('what a data plane takes is tried for that data plane alone', () => {
  const needed = (kind: string) => probesFor(dataPlaneNamed(kind, DEFAULTS).machine).map(({ name }) => name);
  expect(needed('ovs-bond')).toEqual(expect.arrayContaining(['namespaces', 'open vswitch', 'lacp']));
  expect(needed('ovs-bond')).not.toContain('bridge');
  // Its leaves are Open vSwitch.
  expect(needed('linux-bridge')).toEqual(
    expect.arrayContaining(['namespaces', 'open vswitch', 'bridge', 'nft bridge']),
  );
  expect(needed('linux-bridge')).not.toContain('lacp');
});

for (const plane of DEFAULTS.dataPlanes)
  test(`all that a qualification on ${plane.kind} stands on works here, and trying it leaves nothing`, async () => {
    const traces = (): readonly string[] => [
      ...readFileSync('/proc/self/mounts', 'utf8')
        .split('\n')
        .filter((line) => line.includes('everyleaf-doctor')),
      ...readdirSync('/sys/class/net').filter((link) => /^(leg[01]|tap0|br0|vmbr0|bond0|vm[01]|[ab][01])$/.test(link)),
    ];
    const before = traces();
    const required = probesFor(plane.machine).filter((probe) => probe.need === 'required');
    expect(required.map((probe) => probe.name)).toContain('nft dup');
    const findings = await examine(required, thisMachine());
    // Where it is lacking it says where it is to be had.
    const isElsewhere = ({ name, neededFor, said, hint }: (typeof findings)[number]) => {
      // What set-up does not install by itself may be absent, and is named.
      const { debian } = required.find((probe) => probe.name === name) ?? {};
      return (
        neededFor.includes('--testbed vm') ||
        (said.endsWith('not found') && debian !== undefined && hint?.endsWith(debian) === true)
      );
    };
    expect(findings.filter((one) => !one.works && !isElsewhere(one))).toEqual([]);
    expect(traces()).toEqual(before);
  });
