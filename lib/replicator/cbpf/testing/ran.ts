import type { Instruction } from '../assemble.js';

/**
 * What a program returns for a frame, by the kernel's rules (Documentation/networking/filter.rst): a load behind the
 * end returns 0. Throws where an instruction is not known.
 */
export function ran(program: readonly Instruction[], frame: Buffer, mark: number): number {
  let [a, x] = [0, 0];
  for (let at = 0; at < program.length; at += 1) {
    const { code, jt, jf, k } = program[at] ?? { code: -1, jt: 0, jf: 0, k: 0 };
    const load = (size: number, from: number): boolean => {
      if (from + size > frame.length) return false;
      a = frame.readUIntBE(from, size);
      return true;
    };
    switch (code) {
      case 0x20: {
        if (k !== 0xff_ff_f0_14) throw new Error(`load of ${k}`);
        a = mark;
        break;
      }
      case 0x28: {
        if (!load(2, k)) return 0;
        break;
      }
      case 0x50: {
        if (!load(1, x + k)) return 0;
        break;
      }
      case 0x01: {
        x = k;
        break;
      }
      case 0x07: {
        x = a;
        break;
      }
      case 0x04: {
        a += k;
        break;
      }
      case 0x0c: {
        a += x;
        break;
      }
      case 0x64: {
        a <<= k;
        break;
      }
      case 0x15: {
        at += a === k ? jt : jf;
        break;
      }
      case 0x06: {
        return k;
      }
      default: {
        throw new Error(`instruction ${at} has code ${code}`);
      }
    }
  }
  throw new Error('the program has no end');
}
