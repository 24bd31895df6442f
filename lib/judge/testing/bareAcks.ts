import { plainFrame } from './captures.js';

const HEADER = { 4: 20, 6: 40 } as const;
const ETHERNET = 14;
const TCP = 20;
/** Without timestamps, which would tell one from the next. */
const SOME_DATA = 10;

/** Of TCP without an IP identification: an acknowledgment without data, or a segment. */
export function acknowledgment(version: 4 | 6, round: number, hasData = false): Uint8Array {
  const frame = plainFrame(version === 4 ? 'data-tcp' : 'near-miss-tcp6-135', { variation: 5_000 + 2 * round });
  const tcp = ETHERNET + HEADER[version];
  const length = TCP + (hasData ? SOME_DATA : 0);
  frame.set(
    [0x9c, 0x40, 0x01, 0xbb, 0, 0, 0, 1, 0, 0, round >> 8, round & 0xff, 0x50, 0x10, 1, 0, 0x12, round & 0xff, 0, 0],
    tcp,
  );
  if (version === 6) frame.set([0, length], ETHERNET + 4);
  else frame.set([0, HEADER[4] + length, 0, 0], ETHERNET + 2);
  return frame.slice(0, tcp + TCP + SOME_DATA);
}
