import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { folderDigest } from '../evidence/digest.js';
import { INVENTORY_FILE } from '../inventory/inventory.js';
import { readArchive, writeArchive, type Files } from './archive.js';
import { baselineOf, makeBundle, readFolder } from './bundle.js';
import { sign } from './signature.js';
import { filesDigest, SIGNATURE_FILE, SUMS_FILE, sumsOf } from './sums.js';
import { makeSigner, PRINCIPAL } from './testing/signer.js';
import { SAMPLE_INVENTORY, smallRun } from './testing/smallRun.js';
import { verifyBundle, type Verification, type VerifyOptions } from './verify.js';

// One worker, so that the run is judged for all of them once.
test.describe.configure({ mode: 'default' });

const VERSION = '0.1.0';
const BUILD = `sha256:${'b'.repeat(64)}`;
const MADE_AT = new Date('2026-11-28T12:00:00.000Z');
const NOW = new Date('2026-11-29T00:00:00.000Z');
const WANTED = [
  'every ARP form of the host and its VMs reaches every leaf',
  'every NS and NA form of the host and its VMs reaches every leaf',
  'a VM that runs duplicate address detection is heard by every leaf and keeps its address',
];
const REQUIREMENTS = `- id: REQ-1
  text: Every ARP frame reaches every leaf.
  scenarios: [${JSON.stringify(WANTED[0])}]
  kinds: [arp-reply-unicast]
`;
const WAIVER = `- {test: t, signature: "P1.missing@leaf-b:garp-reply", issue: i, owner: o, since: 2026-10-01, until: 2026-11-27, approvedBy: b, approvedOn: 2026-10-01}
`;

let folder = '';
let small = '';
let evidence: Files = new Map();
let bundle: Files = new Map();
let signer: ReturnType<typeof makeSigner>;
let rooms = 0;

function room(): string {
  const path = join(folder, `room-${rooms++}`);
  mkdirSync(path);
  return path;
}

async function make(change: Partial<Parameters<typeof makeBundle>[0]> = {}): ReturnType<typeof makeBundle> {
  const given = {
    said: { createdAt: MADE_AT, version: VERSION, build: BUILD },
    requirements: REQUIREMENTS,
    waivers: '# none\n',
    runs: [evidence],
    baseline: null,
    ...change,
  };
  return makeBundle(given, signer.key, room());
}

function verify(files: Files, options: Partial<VerifyOptions> = {}): Promise<Verification> {
  return verifyBundle(files, {
    signers: signer.signers,
    now: NOW,
    version: VERSION,
    build: () => BUILD,
    root: room(),
    ...options,
  });
}

/** As its own signer would: what is changed is signed. */
async function signedAgain(files: Files): Promise<Files> {
  const sums = Buffer.from(sumsOf(files));
  return new Map([...files, [SUMS_FILE, sums], [SIGNATURE_FILE, await sign(sums, signer.key, room())]]);
}

function edited(path: string, from: string | RegExp, to: string): Files {
  const before = Buffer.from(bundle.get(path) ?? '').toString('utf8');
  const after = before.replace(from, to);
  expect(after, path).not.toBe(before);
  return new Map([...bundle, [path, Buffer.from(after)]]);
}

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-verify-test-'));
  small = smallRun(folder, (scenario) => WANTED.includes(scenario));
  evidence = readFolder(small);
  signer = makeSigner(folder, 'key');
  const made = await make();
  expect(made.derived.problems).toEqual([]);
  bundle = made.files;
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a bundle is the same bytes each time but for its signature, and verifies', async () => {
  const again = await make();
  expect(sumsOf(again.files)).toBe(sumsOf(bundle));
  const zip = writeArchive(bundle);
  expect(Buffer.compare(writeArchive(new Map([...bundle].reverse())), zip)).toBe(0);
  const found = await verify(readArchive(zip));
  expect(found).toMatchObject({ outcome: 'qualified', principal: PRINCIPAL, problems: [] });
  const statement = JSON.parse(Buffer.from(bundle.get('STATEMENT.json') ?? '').toString()) as {
    predicate: { result: string };
  };
  expect(statement.predicate.result).toBe('PASSED');
});

test('a byte, a file more, a file less, another name: each is refused with its sentence', async () => {
  for (const path of bundle.keys()) {
    // Hundreds of files of evidence are hashed by the same line.
    if (path.includes('/evidence/') && !path.endsWith('/plan.json') && !path.endsWith('--ovs-group/leaf-a.pcap'))
      continue;
    const flipped = Buffer.from(bundle.get(path) ?? '');
    const at = Math.floor(flipped.length / 2);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const { outcome, problems } = await verify(new Map([...bundle, [path, flipped]]));
    expect(outcome, path).toBe('not qualified');
    expect(problems.length, path).toBeGreaterThan(0);
    if (path !== SUMS_FILE && path !== SIGNATURE_FILE && path !== 'STATEMENT.json')
      expect(problems, path).toEqual([`${path} is not what was signed`]);
  }
  const added = await verify(new Map([...bundle, ['more.txt', Buffer.from('')]]));
  expect(added).toMatchObject({ outcome: 'not qualified', problems: ['more.txt was added'] });
  for (const path of ['coverage.csv', SUMS_FILE, SIGNATURE_FILE, 'STATEMENT.json']) {
    const less = new Map(bundle);
    less.delete(path);
    const { outcome, problems } = await verify(less);
    expect(outcome, path).toBe('not qualified');
    expect(problems[0], path).toContain(path);
    expect(problems[0], path).toContain('is missing');
  }
  const renamed = new Map(bundle);
  renamed.delete('repeat.sh');
  renamed.set('Repeat.sh', bundle.get('repeat.sh') ?? Buffer.from(''));
  expect((await verify(renamed)).problems).toEqual(['"repeat.sh" is missing', 'Repeat.sh was added']);
});

test('each file of a bundle counts with each of its bytes', () => {
  // As the report of a run and a history name the same evidence.
  expect(filesDigest(evidence)).toBe(folderDigest(small));
  const signed = new Set(
    Buffer.from(bundle.get(SUMS_FILE) ?? '')
      .toString()
      .split('\n'),
  );
  for (const [path, content] of bundle) {
    if (path === SUMS_FILE || path === SIGNATURE_FILE) continue;
    const flipped = Buffer.from(content);
    expect(signed.has(sumsOf(new Map([[path, flipped]])).trimEnd()), path).toBe(true);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 0x80;
    expect(signed.has(sumsOf(new Map([[path, flipped]])).trimEnd()), path).toBe(false);
  }
});

test('the commands of VERIFY.md, to the letter, take a good bundle and no other', () => {
  const unpacked = room();
  for (const [path, content] of bundle) {
    mkdirSync(dirname(join(unpacked, path)), { recursive: true });
    writeFileSync(join(unpacked, path), content);
  }
  const other = makeSigner(folder, 'stranger');
  const [, byHand = ''] = readFileSync(join(unpacked, 'VERIFY.md'), 'utf8').split('By hand');
  const commands = [...byHand.matchAll(/^ {4}(.+)$/gm)].map(([, command = '']) => command);
  expect(commands.map((command) => command.split(' ').slice(0, 3).join(' '))).toEqual([
    'ssh-keygen -Y find-principals',
    'ssh-keygen -Y verify',
    'sha256sum --check --strict',
    'find . -type',
  ]);
  /** The verifier's own file is beside the bundle, and PRINCIPAL whom the first command names. */
  const run = (signers: string) => {
    let principal = '';
    return commands.map((command) => {
      const line = command.replace('allowed_signers', signers).replace('PRINCIPAL', principal);
      const { status, stdout } = spawnSync('sh', ['-c', line], { cwd: unpacked, encoding: 'utf8' });
      principal ||= stdout.trim();
      return { status, stdout: stdout.trim() };
    });
  };
  const [found, verified, summed, counted] = run(signer.signers);
  expect(found).toEqual({ status: 0, stdout: PRINCIPAL });
  expect(verified?.status).toBe(0);
  expect(summed).toEqual({ status: 0, stdout: '' });
  const [files = 0, lines = 0] = (counted?.stdout ?? '').split(/\s+/).map(Number);
  expect({ files, lines }).toEqual({ files: bundle.size, lines: bundle.size - 2 });
  expect(run(other.signers)[0]?.status).not.toBe(0);
  const pcap = [...bundle.keys()].find((path) => path.endsWith('.pcap')) ?? '';
  const flipped = Buffer.from(bundle.get(pcap) ?? '');
  flipped[40] = (flipped[40] ?? 0) ^ 1;
  writeFileSync(join(unpacked, pcap), flipped);
  expect(run(signer.signers).map(({ status }) => status)).toEqual([0, 0, 1, 0]);
  writeFileSync(join(unpacked, SUMS_FILE), sumsOf(new Map([...bundle, [pcap, flipped]])));
  expect(
    run(signer.signers)
      .slice(1, 3)
      .map(({ status }) => status),
  ).toEqual([255, 0]);
});

test('a key that cannot sign is refused in the words of ssh-keygen', async () => {
  const key = join(room(), 'no-key');
  writeFileSync(key, 'nonsense\n', { mode: 0o600 });
  await expect(sign(Buffer.from('sums'), key, room())).rejects.toThrow(/no-key cannot sign: Couldn't load public key /);
});

test('only the verifier says who may sign, and for what', async () => {
  const other = makeSigner(folder, 'other');
  const refused = async (options: Partial<VerifyOptions>) => {
    const { outcome, principal, problems } = await verify(bundle, options);
    expect(outcome).toBe('not qualified');
    expect(principal).toBeNull();
    return problems[0];
  };
  expect(await refused({ signers: other.signers })).toContain('it is signed with a key that no line of');
  expect(await refused({ principal: 'somebody@example.net' })).toContain('not by somebody@example.net');
  const line = (options: string) => {
    const file = join(room(), 'signers');
    writeFileSync(file, `${PRINCIPAL} ${options} ${readFileSync(`${signer.key}.pub`, 'utf8')}`);
    return file;
  };
  expect(await refused({ signers: line('namespaces="git"') })).not.toBeUndefined();
  expect(await refused({ signers: line('valid-before="20261127"') })).not.toBeUndefined();
  // It was valid when the statement was made, and is over now.
  const over = await verify(bundle, { signers: line('valid-before="20261128130000Z"') });
  expect(over.outcome).toBe('qualified');
  expect(over.notes.at(-1)).toContain('is the word of');
});

test('what is signed is not believed: it is made again and must be the same', async () => {
  for (const [files, said] of [
    [
      edited('runs/1/run.json', '"verdict": "pass"', '"verdict": "fail"'),
      'runs/1/run.json is not what the evidence says',
    ],
    [edited('coverage.csv', 'REQ-1', 'REQ-2'), 'coverage.csv is not what the evidence says'],
    [edited('STATEMENT.json', '"qualified": true', '"qualified": false'), 'STATEMENT.json is not what'],
    [new Map([...bundle, ['runs/1/more.txt', Buffer.from('')]]), 'runs/1/more.txt does not belong into a bundle'],
  ] as const) {
    const { outcome, problems } = await verify(await signedAgain(files));
    expect(outcome, said).toBe('not qualified');
    expect(problems.join('\n')).toContain(said);
  }
});

test('what is missing in the evidence is a reason, and a signature does not help', async () => {
  const without = (wanted: (path: string) => boolean): Files =>
    new Map([...evidence].filter(([path]) => !wanted(path)));
  const pcap = [...evidence.keys()].find((path) => path.includes('balance-slb--ovs-group/leaf-b.pcap')) ?? '';
  const controls = without((path) => path.includes('/') && !/--ovs-group\//.test(path));
  for (const [runs, said] of [
    [[controls], 'control'],
    [[without((path) => path === pcap)], 'runs/1'],
    [[evidence, evidence], 'runs/1 and runs/2 are the same run'],
  ] as const) {
    const { files, derived } = await make({ runs });
    expect(derived.problems.join('\n')).toContain(said);
    const found = await verify(files);
    expect(found.outcome, said).toBe('not qualified');
    expect(found.problems).toEqual(derived.problems);
  }
});

test('machines that are not what they were before the run void it, and so do machines that were not asked', async () => {
  const said = SAMPLE_INVENTORY.parts[0]?.before ?? [];
  const changed = said.map((one) => ({ ...one, stdout: 'Linux 6.13\n' }));
  for (const [record, due] of [
    [
      { parts: [{ before: said, after: changed }] },
      'a machine is not what it was before the run: this machine: uname -a: it said "Linux 6.12", says "Linux 6.13"',
    ],
    [{ parts: [{ before: said, after: null }] }, 'what its machines are was not asked again after it'],
    [null, 'what its machines are was not asked before it and after it'],
  ] as const) {
    const other = new Map(evidence);
    other.delete(INVENTORY_FILE);
    if (record !== null) other.set(INVENTORY_FILE, Buffer.from(JSON.stringify(record)));
    const { files, derived } = await make({ runs: [other] });
    expect(derived.problems).toEqual([`runs/1: ${due}`]);
    expect(await verify(files)).toMatchObject({ outcome: 'not qualified', problems: derived.problems });
  }
  // Command and output are in the bundle, to the letter.
  const [kept] = JSON.parse(Buffer.from(bundle.get('inventory.json') ?? '').toString()) as { asked: object }[];
  expect(kept?.asked).toEqual(SAMPLE_INVENTORY.parts);
});

test('evidence that was judged by a profile of its own is no qualification, whatever the profile is called', async () => {
  const runs = [
    new Map(
      [...evidence].map(([path, content]) =>
        path.endsWith('--ovs-group/evidence.json')
          ? [path, Buffer.from(Buffer.from(content).toString().replaceAll('"source": "', '"source": "not '))]
          : [path, content],
      ),
    ),
  ];
  const { files, derived } = await make({ runs });
  const [, digest = ''] =
    /judged by the profile ovs-group \((sha256:[0-9a-f]{64})\)/.exec(derived.problems[0] ?? '') ?? [];
  expect(derived.problems).toHaveLength(1);
  expect(await verify(files)).toMatchObject({ outcome: 'not qualified', problems: derived.problems });
  const demanded = await make({ runs, requirements: `${REQUIREMENTS}  profile: ${digest}\n` });
  expect(demanded.derived.problems).toEqual([]);
  const other = await make({ requirements: `${REQUIREMENTS}  profile: nft-dup\n` });
  expect(other.derived.problems.join()).toContain('requirement REQ-1 (ovs-bond/balance-tcp): other profile');
});

test('the release before is named by what was signed of it, and the page says what has changed since', async () => {
  const more = `${REQUIREMENTS}- {id: REQ-9, text: t, scenarios: [nobody wrote it]}\n`;
  const baseline = baselineOf(bundle);
  const { files, derived } = await make({ baseline, requirements: more.replaceAll('REQ-1', 'REQ-2') });
  const page = Buffer.from(files.get('index.html') ?? '').toString();
  expect(page).toContain(derived.sentence);
  expect(page).toContain('Shown then, and not asked now:</p><ul><li>REQ-1 · ovs-bond/');
  expect(page).toContain('Asked now, and not then:</p><ul><li>REQ-2 · ovs-bond/');
  expect(page).toContain('REQ-9, ovs-bond/balance-tcp: nothing');
  expect(Buffer.from(bundle.get('index.html') ?? '').toString()).toContain('No release before this one was named.');
  // Taken into account when it is verified, too.
  const good = await make({ baseline });
  expect(await verify(good.files)).toMatchObject({ outcome: 'qualified' });
  const less = new Map(good.files);
  less.delete('baseline.json');
  expect((await verify(await signedAgain(less))).outcome).toBe('not qualified');
  const other = new Map([...good.files, ['baseline.json', Buffer.from(baseline.replace('REQ-1', 'REQ-7'))]]);
  expect((await verify(await signedAgain(other))).outcome).toBe('not qualified');
  expect(() => baselineOf(edited('release.json', '"qualified": true', '"qualified": false'))).toThrow(
    'release.json is not what was signed',
  );
  await expect(make({ baseline: '{}' })).rejects.toThrow('baseline.json is no release');
});

test('an expired waiver, and a requirement that nothing shows, speak against it', async () => {
  const { files, derived } = await make({
    waivers: WAIVER,
    requirements: `${REQUIREMENTS}- {id: REQ-9, text: t, scenarios: [nobody wrote it]}\n`,
  });
  const { outcome, problems } = await verify(files);
  expect(outcome).toBe('not qualified');
  expect(problems).toEqual(derived.problems);
  expect(problems.join('\n')).toContain('it is over since 2026-11-27');
  expect(problems.join('\n')).toContain('requirement REQ-9 (ovs-bond/balance-tcp): nothing shows it');
  expect(Buffer.from(files.get('coverage.csv') ?? '').toString()).toContain(
    'REQ-9,t,nobody wrote it,ovs-bond/balance-tcp,,,nothing',
  );
});

test('another build of the same version leaves it open where it writes other texts, and excuses nothing else', async () => {
  const other = { createdAt: MADE_AT, version: VERSION, build: `sha256:${'c'.repeat(64)}` };
  const { files } = await make({ said: other });
  // The same files, whichever build made them.
  expect((await verify(files)).outcome).toBe('qualified');
  const text = (path: string) => Buffer.from(files.get(path) ?? '').toString();
  const changed = (path: string, content: string): Files => new Map([...files, [path, Buffer.from(content)]]);
  const page = changed('index.html', text('index.html').replace('<html', '<html '));
  const open = await verify(await signedAgain(page));
  expect(open.outcome).toBe('unknown');
  expect(open.sentence).toBe(
    'It cannot be told here: another build of everyleaf 0.1.0 made this bundle (sha256:cccccccccccc), and this one (sha256:bbbbbbbbbbbb) writes other files; verify it with that build.',
  );
  expect(open.problems).toEqual(['index.html is not what the evidence says when it is judged anew']);
  // By an everyleaf that did not name its build yet.
  const old = await make({ said: { createdAt: MADE_AT, version: VERSION } });
  const oldPage = await verify(await signedAgain(new Map([...old.files, ['VERIFY.md', Buffer.from('older')]])));
  expect(oldPage).toMatchObject({ outcome: 'unknown' });
  expect(oldPage.sentence).toContain('(which it does not name)');
  // Changed after it was signed; a file more, a file less; what calls itself not qualified.
  expect(await verify(page)).toMatchObject({
    outcome: 'not qualified',
    problems: ['index.html is not what was signed'],
  });
  const others = new Map([...page, ['more.txt', Buffer.from('')]]);
  others.delete('controls.json');
  const denied = changed('STATEMENT.json', text('STATEMENT.json').replace('"qualified": true', '"qualified": false'));
  for (const [made, problems] of [
    [others, ['controls.json is missing', 'more.txt does not belong into a bundle', ...open.problems]],
    [denied, ['STATEMENT.json is not what the evidence says when it is judged anew']],
  ] as const)
    expect(await verify(await signedAgain(made))).toMatchObject({ outcome: 'not qualified', problems });
  // What the evidence shows here is a verdict, whatever another build says of itself.
  const waived = await make({ said: other, waivers: WAIVER });
  const claimed = Buffer.from(waived.files.get('STATEMENT.json') ?? '')
    .toString()
    .replace('"qualified": false', '"qualified": true');
  const against = await verify(await signedAgain(new Map([...waived.files, ['STATEMENT.json', Buffer.from(claimed)]])));
  expect(against.outcome).toBe('not qualified');
  expect(against.problems.join()).toContain('it is over since');
});

test('another version that writes other files, and a time to come, leave it open', async () => {
  const { files } = await make({ said: { createdAt: MADE_AT, version: '9.9.9' } });
  const other = await signedAgain(new Map([...files, ['VERIFY.md', Buffer.from('newer')]]));
  const found = await verify(other);
  expect(found.outcome).toBe('unknown');
  expect(found.sentence).toContain('everyleaf 9.9.9 made this bundle');
  // What another version calls qualified may have reasons against it here; it is told, and not as a verdict.
  const waived = await make({ said: { createdAt: MADE_AT, version: '9.9.9' }, waivers: WAIVER });
  expect((await verify(waived.files)).outcome).toBe('not qualified');
  const claimed = Buffer.from(waived.files.get('STATEMENT.json') ?? '')
    .toString()
    .replace('"qualified": false', '"qualified": true');
  const found9 = await verify(await signedAgain(new Map([...waived.files, ['STATEMENT.json', Buffer.from(claimed)]])));
  expect(found9.outcome).toBe('unknown');
  expect(found9.problems.join()).toContain('it is over since');
  expect(await verify(bundle, { now: new Date('2026-11-28T11:00:00Z') })).toMatchObject({ outcome: 'unknown' });
  // A run cannot end after the statement about it.
  const early = await make({ said: { createdAt: new Date('2001-01-01T00:00:00Z'), version: VERSION } });
  expect(early.derived.problems.join('\n')).toContain('after this statement was made');
});
