import { MARK } from '../tc/actions.js';
import { assemble, type Instruction, type Line } from './assemble.js';

/** The mark of a frame: SKF_AD_OFF + SKF_AD_MARK (include/uapi/linux/filter.h). */
const FRAME_MARK = 0xff_ff_f0_14;
/** Without direct-action, what a program returns is the class, and this one stands for "as the filter says" (cls_bpf.c). */
const TAKE = 0xff_ff_ff_ff;
const LEAVE = 0;

const ARP = 0x08_06;
const IPV6 = 0x86_dd;
const NEXT_HEADER = 14 + 6;
/** Behind an IPv6 header. */
const PAYLOAD = 14 + 40;

/**
 * Takes ARP, NS and NA: without a tag or behind one, in the bytes or beside them, and behind one extension header
 * (hop-by-hop options, routing, destination options). X is where the frame goes on behind its tag. What is too short is
 * left alone: a load that goes too far ends the program with 0.
 * @param spared the mark of frames that are left alone; null = none
 */
export function neighborFrames(spared: number | null): readonly Instruction[] {
  const unlessMarked: readonly Line[] =
    spared === null
      ? []
      : [
          ['ld', FRAME_MARK],
          ['jeq', spared, 'leave'],
        ];
  return assemble([
    ['start', ...unlessMarked, ['ldx', 0], ['ldh', 12]],
    ['bare', ['jeq', ARP, 'take'], ['jeq', IPV6, 'ipv6'], ['jeq', 0x81_00, 'tagged'], ['jeq', 0x88_a8, 'tagged']],
    ['stranger', ['ret', LEAVE]],
    ['tagged', ['ldx', 4], ['ldh', 16], ['jeq', ARP, 'take'], ['jeq', IPV6, 'ipv6'], ['ret', LEAVE]],
    ['ipv6', ['ldbx', NEXT_HEADER], ['jeq', 58, 'icmpv6']],
    ['extended', ['jeq', 0, 'header'], ['jeq', 43, 'header'], ['jeq', 60, 'header'], ['ret', LEAVE]],
    ['header', ['ldbx', PAYLOAD], ['jeq', 58, 'length'], ['ret', LEAVE]],
    // Length in units of 8 bytes, without the first 8 (RFC 8200, section 4.3).
    ['length', ['ldbx', PAYLOAD + 1], ['add', 1], ['lsh', 3], ['addx', 0], ['tax', 0]],
    ['icmpv6', ['ldbx', PAYLOAD], ['jeq', 135, 'take'], ['jeq', 136, 'take']],
    ['leave', ['ret', LEAVE]],
    ['take', ['ret', TAKE]],
  ]);
}

export const PROGRAM = neighborFrames(MARK);
