/** One instruction of classic BPF (include/uapi/linux/filter.h, struct sock_filter). */
export interface Instruction {
  readonly code: number;
  /** So many instructions are jumped over where the comparison is true, and where it is false. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** The operations in use, in the words of the kernel's assembler (Documentation/networking/filter.rst). */
const CODES = {
  ld: 0x20,
  ldh: 0x28,
  ldb: 0x30,
  /** The same, `k` bytes behind index register X. */
  ldhx: 0x48,
  ldbx: 0x50,
  /** X = k; X = A. */
  ldx: 0x01,
  tax: 0x07,
  add: 0x04,
  addx: 0x0c,
  lsh: 0x64,
  jeq: 0x15,
  ret: 0x06,
} as const;

/** An operation and its operand; of a comparison, also where to go on if it is true. Otherwise, with the next line. */
export type Line = readonly [op: keyof typeof CODES, k: number, to?: string];

/** Lines below their labels. Jumps go forwards only. */
export type Program = readonly (readonly [label: string, ...lines: readonly Line[]])[];

/** Throws Error where a jump goes backwards, too far, or nowhere. */
export function assemble(program: Program): readonly Instruction[] {
  const starts = new Map<string, number>();
  let count = 0;
  for (const [label, ...lines] of program) {
    starts.set(label, count);
    count += lines.length;
  }
  return program
    .flatMap(([, ...lines]) => lines)
    .map(([op, k, to], at) => {
      const jt = to === undefined ? 0 : (starts.get(to) ?? Number.NaN) - at - 1;
      if (!(jt >= 0 && jt <= 0xff)) throw new Error(`instruction ${at} cannot jump to "${to}"`);
      return { code: CODES[op], jt, jf: 0, k };
    });
}

/** The form in which tc(8) takes a program: `bytecode`. */
export function bytecode(instructions: readonly Instruction[]): string {
  return [instructions.length, ...instructions.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`)].join(',');
}
