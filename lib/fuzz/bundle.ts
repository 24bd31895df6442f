import { zipSync } from 'fflate';
import { readInventory } from '../inventory/inventory.js';
import { readArchive, writeArchive, type Files } from '../qualification/archive.js';
import { givenIn } from '../qualification/bundle.js';
import { BundleError } from '../qualification/error.js';
import { parseBaseline } from '../qualification/release.js';
import { parseRequirements } from '../qualification/requirements.js';
import { saidIn } from '../qualification/statement.js';
import { SIGNATURE_FILE, SUMS_FILE, sumsOf, sumsProblems } from '../qualification/sums.js';
import { parseWaivers } from '../qualification/waivers.js';
import { UserError } from '../userError.js';
import { mutate } from './mutate.js';

function bundle(): Files {
  const files = new Map<string, Uint8Array>([
    ['STATEMENT.json', Buffer.from('{}\n')],
    ['coverage.csv', Buffer.from('requirement,verdict\nREQ-1,pass\n')],
    ['requirements.yaml', Buffer.from('[]\n')],
    ['waivers.yaml', Buffer.from('[]\n')],
    ['runs/1/evidence/plan.json', Buffer.from('{}\n')],
    ['runs/1/evidence/x/leaf-a.pcap', Buffer.from(Array.from({ length: 200 }, (_, i) => i))],
  ]);
  files.set(SUMS_FILE, Buffer.from(sumsOf(files)));
  files.set(SIGNATURE_FILE, Buffer.from('signature\n'));
  return files;
}

/** What a bundle is made of besides captures, and who reads it. */
const GIVEN: readonly (readonly [string, (text: string) => unknown])[] = [
  [
    '{"predicate":{"everyleaf":{"version":"0.1.0","createdAt":"2026-11-28T12:00:00.000Z","qualified":true}}}',
    (text) => saidIn(Buffer.from(text)),
  ],
  [
    '- id: REQ-1\n  text: Every ARP frame.\n  scenarios: [every ARP form]\n  kinds: [arp-request]\n  profile: ovs-group\n',
    (text) => parseRequirements(text, 'requirements.yaml'),
  ],
  [
    '- test: t\n  signature: P1.missing\n  issue: i\n  owner: o\n  since: 2026-10-01\n  until: 2026-11-27\n  approvedBy: b\n  approvedOn: 2026-10-01\n',
    (text) => parseWaivers(text, 'waivers.yaml'),
  ],
  [
    `{"sums":"${'0'.repeat(64)}","release":{"schema":1,"sentence":"s","qualified":true,"createdAt":"t","version":"v","replicator":"r","cells":{"a":"pass"},"facts":{"kernel":["6.12"]}}}`,
    parseBaseline,
  ],
  [
    '{"parts":[{"before":[{"machine":"m","command":"uname -a","code":0,"stdout":"x","stderr":""}],"after":null}]}',
    readInventory,
  ],
];

/** What can be shown to a person as it is. */
function requireSentences(text: string): void {
  if (text === '' || text.length > 20_000 || text.split('\n').some((line) => line === '' || /\p{Cc}/u.test(line)))
    throw new Error(`no sentence for a person: ${JSON.stringify(text)}`);
}

/**
 * Damages what a bundle is made of, as if its own signer had signed it. Promises: it is taken, or it is refused in
 * sentences.
 */
function fuzzGiven(random: () => number): string {
  const [text, read] = GIVEN[Math.floor(random() * GIVEN.length)] ?? ['', () => undefined];
  try {
    read(new TextDecoder().decode(mutate(Buffer.from(text), random)));
  } catch (error) {
    if (!(error instanceof BundleError) && !(error instanceof UserError)) throw error;
    requireSentences(error.message);
    return 'bundle made of what is refused';
  }
  return 'bundle made of what is taken';
}

const FILES = bundle();
const ZIP = writeArchive(FILES);
const SUMS = Buffer.from(FILES.get(SUMS_FILE) ?? '');

/** Names that lead elsewhere, or that a bundle has a meaning for. */
const NAMES = [
  '../x',
  '/etc/passwd',
  'a//b',
  'STATEMENT.json/x',
  'Coverage.csv',
  'x\u009b',
  'runs/1/evidence',
  'runs/3/evidence/plan.json',
  'runs/01/evidence/plan.json',
  'baseline.json',
  'more.txt',
];

/** The files of a bundle of which one to three are damaged, gone, renamed or new, as a zip that is in order. */
function otherFiles(random: () => number): Uint8Array {
  const files = new Map(FILES);
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  for (let i = Math.ceil(random() * 3); i > 0; i--) {
    const path = one([...files.keys()]);
    const content = path === undefined ? undefined : files.get(path);
    if (path === undefined || content === undefined) break;
    const which = random();
    if (which < 0.6) files.set(path, mutate(content, random));
    else {
      if (which < 0.9) files.delete(path);
      if (which >= 0.7) files.set(one(NAMES) ?? '', content);
    }
  }
  try {
    return writeArchive(files);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    // As other programs would write it.
    return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1, 12) });
  }
}

/** As `verify` goes on where the sums were signed: what is said to be in it is there, or it is refused. */
function readOn(files: Files): void {
  try {
    const given = givenIn(files, { createdAt: new Date(0), version: '0.1.0' });
    if (given.runs.length === 0 || given.runs.some((run) => run.size === 0)) throw new Error('a run without evidence');
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    requireSentences(error.message);
  }
}

/**
 * Damages a bundle, its zip or its files. Promises: nothing but BundleError is thrown; what is read is written back as
 * the same bytes; and what is still under the sums that were signed is the very bundle.
 */
export function fuzzBundle(random: () => number): string {
  if (random() < 0.5) return fuzzGiven(random);
  const broken = random() < 0.5 ? mutate(ZIP, random) : otherFiles(random);
  let files: Files;
  try {
    files = readArchive(broken);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    requireSentences(error.message);
    return 'bundle refused';
  }
  readOn(files);
  if (Buffer.compare(writeArchive(files), broken) !== 0) throw new Error('a bundle holds more than was read');
  const isSigned = Buffer.compare(SUMS, files.get(SUMS_FILE) ?? Buffer.of()) === 0;
  const problems = sumsProblems(files);
  for (const problem of problems) requireSentences(problem);
  if (!isSigned || problems.length > 0) return 'bundle with other files';
  for (const [path, content] of FILES)
    if (path !== SIGNATURE_FILE && Buffer.compare(content, files.get(path) ?? Buffer.of()) !== 0)
      throw new Error(`${path} is another under the sums that were signed`);
  // Without its signature it is refused before its files are looked at.
  if (!files.has(SIGNATURE_FILE)) return 'bundle that nobody signed';
  if (files.size !== FILES.size) throw new Error('there are more or fewer files than were signed');
  return 'bundle as it was';
}
