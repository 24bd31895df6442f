import { crc32 } from 'node:zlib';
import { unzipSync, zipSync, type Zippable } from 'fflate';
import { BundleError } from './error.js';
import { pathProblem, requirePaths, shown, sortedPaths } from './paths.js';

/** The files of a bundle, by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** More than any bundle that was made; a zip of this form ends at 4 GiB and 65,535 files. */
export const ARCHIVE_BYTES_MAX = 1 << 30;
const FILES_MAX = 65_000;

/**
 * The first year that a zip can tell. Local time, as a zip has no zone: the same bytes in every zone. Noon, because
 * some zones skip a midnight.
 */
const moment = (): Date => new Date(1980, 0, 1, 12);

/**
 * A zip with these files, sorted, stored without compression: the same files are the same bytes, whoever writes them.
 * Throws BundleError where a path may not be in a bundle, or where it is too large.
 */
export function writeArchive(files: Files): Uint8Array {
  requirePaths(files.keys());
  let bytes = 0;
  for (const content of files.values()) bytes += content.length;
  if (bytes > ARCHIVE_BYTES_MAX || files.size > FILES_MAX)
    throw new BundleError(`${files.size} files of ${bytes} bytes are too many for one bundle`);
  const entries: Zippable = {};
  for (const path of sortedPaths(files.keys())) entries[path] = files.get(path) ?? new Uint8Array();
  return zipSync(entries, { level: 0, mtime: moment() });
}

/** Lengths of what stands before the name, and places in it: APPNOTE.TXT of PKWARE, 4.3.7 and 4.3.12. */
const LOCAL = { length: 30, crc: 14 } as const;
const CENTRAL = { length: 46, crc: 16, offset: 42 } as const;
/** 4.3.16, without a comment. */
const END = { length: 22, count: 8, totalCount: 10, size: 12, offset: 16 } as const;

/** Whether these bytes are what `writeArchive` makes of these files: as if written anew, but without the large copies. */
function isAsWritten(bytes: Uint8Array, files: Files): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory: Buffer[] = [];
  let at = 0;
  const goesOn = (due: Uint8Array): boolean => {
    const end = at + due.length;
    const same = all.subarray(at, end).equals(due);
    at = end;
    return same;
  };
  for (const path of sortedPaths(files.keys())) {
    const content = files.get(path) ?? new Uint8Array();
    const alone = Buffer.from(zipSync({ [path]: new Uint8Array() }, { level: 0, mtime: moment() }));
    const local = alone.subarray(0, LOCAL.length + path.length);
    const central = alone.subarray(local.length, local.length + CENTRAL.length + path.length);
    for (const [header, place] of [
      [local, LOCAL.crc],
      [central, CENTRAL.crc],
    ] as const) {
      header.writeUInt32LE(crc32(content), place);
      header.writeUInt32LE(content.length, place + 4);
      header.writeUInt32LE(content.length, place + 8);
    }
    central.writeUInt32LE(at, CENTRAL.offset);
    directory.push(central);
    if (!goesOn(local) || !goesOn(content)) return false;
  }
  const end = Buffer.from(zipSync({}, { level: 0 }));
  const entries = Buffer.concat(directory);
  end.writeUInt16LE(files.size, END.count);
  end.writeUInt16LE(files.size, END.totalCount);
  end.writeUInt32LE(entries.length, END.size);
  end.writeUInt32LE(at, END.offset);
  return end.length === END.length && goesOn(entries) && goesOn(end) && at === all.length;
}

/**
 * Reads a zip that `writeArchive` wrote, and nothing else: written once more, it would be the same bytes. So there
 * is nothing in it that some reader sees and another does not: no second directory, no name twice, no link, no comment,
 * nothing between the files. Throws BundleError, and nothing else.
 */
export function readArchive(bytes: Uint8Array): Files {
  if (bytes.length > ARCHIVE_BYTES_MAX) throw new BundleError(`it has ${bytes.length} bytes, too many for a bundle`);
  const files = new Map<string, Uint8Array>();
  const refused: string[] = [];
  let left = bytes.length;
  try {
    const read = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        const problem =
          pathProblem(name) ??
          (compression !== 0 || size !== originalSize ? 'it is compressed, and a bundle is not' : null);
        if (problem !== null) refused.push(`the path ${shown(name)} may not be in a bundle: ${problem}`);
        // Entries that overlap could fill the memory.
        left -= size;
        if (left < 0) refused.push('its files are larger than it is');
        return refused.length === 0;
      },
    });
    for (const [name, content] of Object.entries(read)) files.set(name, content);
  } catch (error) {
    throw new BundleError(`it is no zip that can be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [first] = refused;
  if (first !== undefined) throw new BundleError(first);
  if (files.size === 0) throw new BundleError('it is a zip without files');
  requirePaths(files.keys());
  if (!isAsWritten(bytes, files))
    throw new BundleError(
      'it is not a zip as `everyleaf qualify` writes it: it holds more than its files, or otherwise',
    );
  return files;
}
