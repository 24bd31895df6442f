import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeVfs } from './nics.js';

test('functions are made of each NIC in turn, named, and brought to where labs are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-nics-'));
  try {
    // What the kernel makes of the number is there already: eth5 and eth6 of the one NIC, eth7 and eth8 of the other.
    for (const [card, vfs] of [
      ['0000:00:01.0', null],
      ['0000:01:00.0', ['eth5', 'eth6']],
      ['0000:02:00.0', ['eth7', 'eth8']],
    ] as const) {
      mkdirSync(join(folder, 'pci', card), { recursive: true });
      if (vfs !== null) writeFileSync(join(folder, 'pci', card, 'sriov_numvfs'), '0');
      vfs?.forEach((name, n) => mkdirSync(join(folder, 'pci', card, `virtfn${n}/net`, name), { recursive: true }));
    }
    writeFileSync(join(folder, 'agent'), '117\n');
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/ip'), '#!/bin/sh\necho "$@"; cat\n');
    chmodSync(join(folder, 'bin/ip'), 0o755);
    const script = makeVfs(2)
      .replaceAll('/sys/bus/pci/devices', join(folder, 'pci'))
      .replaceAll('/run/agent-pid', join(folder, 'agent'));
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
    const said = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' });
    const moved = (from: string, to: string) => [
      `link set dev ${from} name ${to} addrgenmode none`,
      `link set dev ${to} netns 117`,
    ];
    expect(said.split('\n').filter((line) => line !== '')).toEqual([
      '-batch -',
      ...moved('eth5', 'vf0.0'),
      ...moved('eth6', 'vf0.1'),
      ...moved('eth7', 'vf1.0'),
      ...moved('eth8', 'vf1.1'),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
