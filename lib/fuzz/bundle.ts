import { writeArchive, readArchive, type Files } from '../qualification/archive.js';
import { BundleError } from '../qualification/error.js';
import { SIGNATURE_FILE, SUMS_FILE, sumsOf, sumsProblems } from '../qualification/sums.js';
import { mutate } from './mutate.js';

function bundle(): Files {
  const files = new Map<string, Uint8Array>([
    ['STATEMENT.json', Buffer.from('{}\n')],
    ['coverage.csv', Buffer.from('requirement,verdict\nREQ-1,pass\n')],
    ['runs/1/evidence/plan.json', Buffer.from('{}\n')],
    ['runs/1/evidence/x/leaf-a.pcap', Buffer.from(Array.from({ length: 200 }, (_, i) => i))],
  ]);
  files.set(SUMS_FILE, Buffer.from(sumsOf(files)));
  files.set(SIGNATURE_FILE, Buffer.from('signature\n'));
  return files;
}

const FILES = bundle();
const ZIP = writeArchive(FILES);
const SUMS = Buffer.from(FILES.get(SUMS_FILE) ?? '');

/**
 * Damages a bundle. Promises: nothing but BundleError is thrown; what is read is written back as the same bytes; and
 * what is still under the sums that were signed is the very bundle.
 */
export function fuzzBundle(random: () => number): string {
  const broken = mutate(ZIP, random);
  let files: Files;
  try {
    files = readArchive(broken);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return 'bundle refused';
  }
  if (Buffer.compare(writeArchive(files), broken) !== 0) throw new Error('a bundle holds more than was read');
  const isSigned = Buffer.compare(SUMS, files.get(SUMS_FILE) ?? Buffer.of()) === 0;
  if (!isSigned || sumsProblems(files).length > 0) return 'bundle with other files';
  for (const [path, content] of FILES)
    if (path !== SIGNATURE_FILE && Buffer.compare(content, files.get(path) ?? Buffer.of()) !== 0)
      throw new Error(`${path} is another under the sums that were signed`);
  if (files.size !== FILES.size) throw new Error('there are more or fewer files than were signed');
  return 'bundle as it was';
}
