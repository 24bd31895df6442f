import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Selection } from '../judge/captures/selection.js';
import { parseIpv4, parseIpv6 } from '../wire/address.js';
import { hex } from '../wire/bytes.js';
import { WireError } from '../wire/error.js';
import { UserError } from '../userError.js';
import { rotatedFiles } from './rotated.js';

/**
 * A capture as the person names it: `leaf-a=A.pcap`, `A.pcap`, `leaf-a=-` for standard input, or a part of one:
 * `leaf-a=A.pcap@session:12`.
 */
export interface CaptureFile {
  readonly leaf: string;
  /** Path, `-`, or what stands for several files. */
  readonly file: string;
  /** Files that one program wrote one after the other, in that order; where there are several. */
  readonly files?: readonly string[];
  /** Whether the names of these count, so that none is missing between them. */
  readonly areCounted?: boolean;
  /** Which frames of it are the leaf's; all of them unless it says so. */
  readonly selection?: Selection;
}

/** `leaf-a=A.pcap` and so on; names are made unique by counting. Throws UserError. */
export function captureFiles(args: readonly string[]): CaptureFile[] {
  const taken = new Set<string>();
  let stdin = 0;
  const captures = args.map((arg): CaptureFile => {
    const [, name, rest] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,39})=(.+)$/s.exec(arg) ?? [];
    const { file, selection } = partOf(rest ?? arg);
    if (file === '-' && ++stdin > 1) throw new UserError('standard input can be one capture only');
    const wanted =
      name ??
      (file === '-'
        ? 'stdin'
        : basename(file.split(',')[0] ?? file)
            .replace(/\.(gz|zst|zstd|lz4)$/i, '')
            .replace(/\.(pcap|pcapng|cap|dmp)\d*$/i, ''));
    if (name !== undefined && taken.has(name))
      throw new UserError(
        `two captures are called "${name}"`,
        'give each leaf a name of its own: leaf-a=A.pcap leaf-b=B.pcap; files that one program wrote one after the other: leaf-a=FIRST,SECOND',
      );
    let leaf = wanted;
    for (let i = 2; taken.has(leaf); i++) leaf = `${wanted}-${i}`;
    taken.add(leaf);
    const rotated = rotatedFiles(file);
    return {
      leaf,
      file,
      ...(rotated ?? {}),
      ...(selection === undefined ? {} : { selection }),
    };
  });
  return withVlansOfMirrors(captures);
}

const SELECTORS =
  'FILE@session:12, FILE@session:192.0.2.1, FILE@session:192.0.2.1/12, FILE@interface:NAME, FILE@vlan:20 or FILE@port';

/** A path and what of it is selected. A file whose name looks like a selection is a file. */
function partOf(text: string): { readonly file: string; readonly selection?: Selection } {
  const [, file = '', by = '', , value = ''] = /^(.+)@([a-z]+)(:(.*))?$/s.exec(text) ?? [];
  if (file === '' || existsSync(text)) return { file: text };
  const refuse = (): never => {
    throw new UserError(`"${text.slice(file.length)}" selects nothing`, `say ${SELECTORS}`);
  };
  switch (by) {
    case 'port':
      return value === '' ? { file, selection: { by } } : refuse();
    case 'interface':
      return value === '' ? refuse() : { file, selection: { by, name: value } };
    case 'vlan':
      return /^\d{1,4}$/.test(value) && Number(value) < 4095
        ? { file, selection: { by, id: Number(value), isStripped: false } }
        : refuse();
    case 'session': {
      const [, source = null, id = null] =
        /^(?:(\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:.]*)(?:\/|$))?(\d+)?$/i.exec(value) ?? [];
      if (source === null && id === null) return refuse();
      return {
        file,
        selection: {
          by,
          source: source === null ? null : (addressBytes(source) ?? refuse()),
          id: id === null ? null : Number(id),
        },
      };
    }
    default:
      return existsSync(file) ? refuse() : { file: text };
  }
}

/**
 * Leaves that are told apart by VLANs were mirrored into these: the tags are the mirror's. One VLAN of all leaves is
 * the hosts' own.
 */
function withVlansOfMirrors(captures: readonly CaptureFile[]): CaptureFile[] {
  const vlans = new Set(captures.map(({ selection }) => (selection?.by === 'vlan' ? selection.id : -1)));
  return captures.map((capture) =>
    capture.selection?.by === 'vlan'
      ? { ...capture, selection: { ...capture.selection, isStripped: vlans.size > 1 } }
      : capture,
  );
}

/** The files of a capture, in their order. */
export function partsOf({ file, files = [file] }: Pick<CaptureFile, 'file' | 'files'>): readonly string[] {
  return files;
}

/** The bytes of an IPv4 or IPv6 address as hex; null where it is none. */
function addressBytes(text: string): string | null {
  try {
    return hex(text.includes(':') ? parseIpv6(text) : parseIpv4(text));
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
