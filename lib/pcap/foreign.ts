import { SECTION_HEADER } from './limits.js';
import { pcapFlavour } from './pcapReader.js';
import { be32 } from './reader.js';

/** A format that is not read here, and how a person converts it. */
export interface ForeignFormat {
  /** What it is, for a sentence: "a snoop capture". */
  readonly name: string;
  /** The command that converts `file` into `out`, both quoted for a shell; null where nothing can. */
  readonly command: ((file: string, out: string) => string) | null;
  /** What else must be said. */
  readonly remark?: string;
}

const unpack =
  (program: string) =>
  (file: string, out: string): string =>
    `${program} ${file} > ${out}`;
const editcap = (file: string, out: string): string => `editcap -F pcapng ${file} ${out}`;

/** First bytes, as Latin-1 text, of formats that other programs turn into pcap or pcapng. */
const BY_MAGIC: readonly (readonly [string, ForeignFormat])[] = [
  ['BZh', { name: 'compressed with bzip2', command: unpack('bzip2 -dc') }],
  ['\xfd7zXZ\0', { name: 'compressed with xz', command: unpack('xz -dc') }],
  ['LZIP', { name: 'compressed with lzip', command: unpack('lzip -dc') }],
  ['\x1f\x9d', { name: 'compressed with compress', command: unpack('gzip -dc') }],
  ['PK\x03\x04', { name: 'a zip archive', command: unpack('unzip -p') }],
  ['7z\xbc\xaf\x27\x1c', { name: 'a 7z archive', command: unpack('7z x -so') }],
  ['snoop\0\0\0', { name: 'a snoop capture', command: editcap }],
  ['RTSS', { name: 'a capture of Network Monitor 1', command: editcap }],
  ['GMBU', { name: 'a capture of Network Monitor 2', command: editcap }],
  ['\xa1\xb2\xcd\x34', { name: 'a modified pcap file (magic a1b2cd34)', command: editcap }],
  ['\x34\xcd\xb2\xa1', { name: 'a modified pcap file (magic 34cdb2a1)', command: editcap }],
  ['\x1c\x00\x01\xac', { name: 'a capture of IXIA hardware', command: editcap }],
  ['\xac\x01\x00\x1c', { name: 'a capture of IXIA hardware', command: editcap }],
  ['\x1c\x00\x01\xab', { name: 'a capture of IXIA software', command: editcap }],
  ['\xab\x01\x00\x1c', { name: 'a capture of IXIA software', command: editcap }],
  ['iptrace ', { name: 'an iptrace capture', command: editcap }],
  ['TRSNIFF data', { name: 'a Sniffer capture', command: editcap }],
  ['XCP\0', { name: 'a capture of Windows Sniffer or NetXRay', command: editcap }],
  ['\x01\x10\x4c\x00', { name: 'a LANalyzer capture', command: editcap }],
  ['btsnoop\0', { name: 'a btsnoop capture', command: editcap, remark: 'most hold Bluetooth, and no Ethernet' }],
  ['\xaa\xaa\xaa\xaa', { name: 'a capture of InfoVista 5View', command: editcap }],
  ['\x05VNF', { name: 'a capture of Visual Networks', command: editcap }],
  ['ObserverPktBuffe', { name: "a capture of Network Instruments' Observer", command: editcap }],
  ['TR\0d\0', { name: 'an nettl trace', command: editcap }],
];
const TAR = { at: 257, magic: 'ustar' } as const;

/**
 * What a capture file that is no pcap or pcapng is, told from its first bytes (some hundred, for texts); null =
 * unknown.
 */
export function foreignFormat(head: Uint8Array): ForeignFormat | null {
  if (isCapture(head)) return null;
  const text = latin1(head);
  const found = BY_MAGIC.find(([magic]) => text.startsWith(magic));
  if (found !== undefined) return found[1];
  if (text.startsWith(TAR.magic, TAR.at)) return { name: 'a tar archive', command: unpack('tar -xOf') };
  return LEAST_TEXT <= text.length && isText(text) ? textFormat(text) : null;
}

/** Whether it begins as pcap or pcapng do. */
function isCapture(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = be32(head, 0);
  return magic === SECTION_HEADER || pcapFlavour(magic) !== null;
}

/** As far as the first four bytes tell: what a parser has at hand, however its chunks are cut. */
export function foreignStart(four: Uint8Array): ForeignFormat | null {
  const text = latin1(four.subarray(0, 4));
  return BY_MAGIC.find(([magic]) => text.startsWith(magic.slice(0, 4)))?.[1] ?? null;
}

/** Shorter ones may be anything. */
const LEAST_TEXT = 16;

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 0x1000), (byte) => String.fromCharCode(byte)).join('');
}

function isText(text: string): boolean {
  return /^(?:[\t\r\n\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]+)*[\xc2-\xf4]?[\x80-\xbf]*$/.test(
    text.replace(/^\xef\xbb\xbf/, ''),
  );
}

/** Offset and bytes of one line of a dump, as xxd, `hexdump -C`, `od -Ax -tx1` or tshark -x write it. */
const DUMP_LINE = /^([0-9a-f]{4,8}):? +((?:[0-9a-f]{2}){1,2}(?: +(?:[0-9a-f]{2}){1,2})*)/i;
const PCAP_START = /^(?:d4c3b2a1|4d3cb2a1|a1b2c3d4|a1b23c4d|0a0d0d0a)/;

function textFormat(text: string): ForeignFormat {
  const again = 'write captures with -w, as in: tcpdump -i swp1 -w leaf-a.pcap';
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => /^\s+0x[0-9a-f]{4}: /.test(line)))
    return {
      name: "a hex dump of tcpdump's",
      command: (file, out) =>
        `sed -E 's/^\\t0x([0-9a-f]{4}): (( [0-9a-f]{2,4})+).*/\\1\\2/; /^[0-9a-f]{4} /s/ ([0-9a-f]{2})([0-9a-f]{2})/ \\1 \\2/g' ${file} | text2pcap -t '%H:%M:%S.%f' - ${out}`,
      remark: 'only a dump made with -xx or -XX has Ethernet headers',
    };
  const dump = DUMP_LINE.exec(lines[0] ?? '');
  if (dump !== null && /^0+$/.test(dump[1] ?? '')) {
    if (!PCAP_START.test((dump[2] ?? '').replaceAll(' ', '').toLowerCase()))
      return { name: 'a hex dump of frames, without their times', command: null, remark: again };
    if (lines.includes('*'))
      return {
        name: 'a hex dump from which repeated lines are left out',
        command: null,
        remark: 'dump it again with -v',
      };
    return {
      name: 'a hex dump of a capture file',
      command: (lines[0] ?? '').includes(':')
        ? (file, out) => `xxd -r ${file} ${out}`
        : (file, out) => `sed -nE 's/^[0-9a-f]+ +([0-9a-f ]+).*/\\1/p' ${file} | xxd -r -p > ${out}`,
    };
  }
  if (lines.some((line) => /^(?:\S+ )?\d\d:\d\d:\d\d\.\d+ \S/.test(line)))
    return { name: 'the text that tcpdump prints, from which frames cannot be regained', command: null, remark: again };
  return { name: 'text', command: null, remark: again };
}
