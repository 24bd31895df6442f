import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PLAIN, SRIOV } from './hardware.js';
import { packagesIn } from './mirror.js';
import { codenameIn, majorOf, qemuPart } from './qemuPart.js';
import type { Qemu } from './qemuProgram.js';

let cache = '';
const before = process.env['XDG_CACHE_HOME'];
test.beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'everyleaf-qemu-'));
  process.env['XDG_CACHE_HOME'] = cache;
});
test.afterEach(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  rmSync(cache, { recursive: true, force: true });
});

const OLD = 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)';
const NEW = 'QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)';
const own = (version: string): Qemu => ({ version, program: 'qemu-system-x86_64', options: [], env: {} });
const silent = () => undefined;

/** A mirror that has these packages for this machine; whatever they are, they cannot be fetched. */
function mirror(...packages: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    lackingHere(name: string, suites: readonly string[]) {
      asked.push(`${name} of ${suites.join(' and ')}`);
      return Promise.resolve(packages);
    },
    download: () => Promise.reject(new Error('the mirror is away')),
  };
}

test('the first number of a version is compared as a number', () => {
  expect([OLD, NEW, 'QEMU emulator version 8.0.0', 'what?'].map(majorOf)).toEqual([7, 10, 8, null]);
});

test("the machine's own QEMU is taken where it is new enough, and nothing is asked of the mirror", async () => {
  const unasked = mirror();
  expect(await qemuPart(unasked, own(OLD), PLAIN, silent, 'bookworm')).toEqual(own(OLD));
  expect(await qemuPart(unasked, own(NEW), SRIOV, silent, 'bookworm')).toEqual(own(NEW));
  expect(await qemuPart(unasked, own(NEW), SRIOV, silent, null)).toEqual(own(NEW));
  expect(unasked.asked).toEqual([]);
});

test('where it is too old and there is no other, it is told what is needed', async () => {
  const message = `there is no QEMU 8 or newer, for sriov; this machine has ${OLD}`;
  await expect(qemuPart(mirror(), own(OLD), SRIOV, silent, 'bullseye')).rejects.toMatchObject({
    ...{ message, hint: 'install a newer qemu-system-x86', exitCode: 69 },
  });
  await expect(qemuPart(mirror('libfoo=1'), own(OLD), SRIOV, silent, 'bookworm')).rejects.toMatchObject({
    ...{ message, hint: 'the Debian mirror has no qemu-system-x86 in bookworm-backports', exitCode: 69 },
  });
});

test('a mirror that is away leaves nothing that could be taken for a QEMU', async () => {
  const from = mirror('qemu-system-x86=1:10.0.2', 'seabios=1.16.3-2~bpo12+1');
  const said: string[] = [];
  const part = () => qemuPart(from, own(OLD), SRIOV, (line) => said.push(line), 'bookworm');
  await expect(part()).rejects.toThrow('the mirror is away');
  await expect(part()).rejects.toThrow('the mirror is away');
  expect(from.asked).toEqual(Array(2).fill('qemu-system-x86 of bookworm and bookworm-backports'));
  expect(said[0]).toBe(
    'fetching qemu-system-x86=1:10.0.2 from bookworm-backports: the QEMU of this machine is too old',
  );
});

test('packages that apt would fetch are read with their versions', () => {
  const line = (file: string) => `'http://mirror.test/pool/x/${file}' ${file} 164452 MD5Sum:00`;
  const files = ['qemu-system-x86_1%3a10.0.2+ds-2+deb13u1%7ebpo12+1_amd64.deb', 'seabios_1.16.3-2~bpo12+1_all.deb'];
  expect(packagesIn(`${files.map(line).join('\n')}\n\nReading lists\n`)).toEqual([
    'qemu-system-x86=1:10.0.2+ds-2+deb13u1~bpo12+1',
    'seabios=1.16.3-2~bpo12+1',
  ]);
});

test('the name of a Debian is read, with and without quotes', () => {
  expect(codenameIn('ID=debian\nVERSION_CODENAME=bookworm\n')).toBe('bookworm');
  expect(codenameIn('VERSION_CODENAME="trixie"\n')).toBe('trixie');
  expect(codenameIn('PRETTY_NAME="x VERSION_CODENAME=y"\n')).toBeNull();
});
