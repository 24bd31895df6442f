/** Captures written field by field, in every flavour that the project's own writer does not make. */
export interface TestFrame {
  readonly seconds: number;
  readonly nanos: number;
  readonly frame: Uint8Array;
  readonly original?: number;
}

export interface Flavour {
  readonly bigEndian: boolean;
  readonly nanoseconds: boolean;
}

export const FLAVOURS: readonly Flavour[] = [false, true].flatMap((bigEndian) =>
  [false, true].map((nanoseconds) => ({ bigEndian, nanoseconds })),
);

export function classicCapture(frames: readonly TestFrame[], flavour: Flavour, linkType = 1): Uint8Array {
  const w = words(flavour.bigEndian);
  const head = [
    ...w.u32(flavour.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    ...w.u16(2),
    ...w.u16(4),
    ...w.u32(0),
    ...w.u32(0),
    ...w.u32(262144),
    ...w.u32(linkType),
  ];
  return Uint8Array.from([
    ...head,
    ...frames.flatMap(({ seconds, nanos, frame, original }) => [
      ...w.u32(seconds),
      ...w.u32(flavour.nanoseconds ? nanos : Math.floor(nanos / 1000)),
      ...w.u32(frame.length),
      ...w.u32(original ?? frame.length),
      ...frame,
    ]),
  ]);
}

/** Block builders of one byte order. */
export function ngBlocks(bigEndian: boolean) {
  const w = words(bigEndian);
  const padded = (bytes: ArrayLike<number>) => [...Array.from(bytes), ...new Array<number>(-bytes.length & 3).fill(0)];
  const block = (type: number, body: readonly number[]) => [
    ...w.u32(type),
    ...w.u32(12 + body.length),
    ...body,
    ...w.u32(12 + body.length),
  ];
  const option = (code: number, value: ArrayLike<number>) => [...w.u16(code), ...w.u16(value.length), ...padded(value)];
  const u64 = (value: bigint) => {
    const high = w.u32(Number(value >> 32n));
    const low = w.u32(Number(value & 0xffffffffn));
    return bigEndian ? [...high, ...low] : [...low, ...high];
  };
  const stamp = (units: bigint) => [...w.u32(Number(units >> 32n)), ...w.u32(Number(units & 0xffffffffn))];
  return {
    block,
    option,
    u32: w.u32,
    section: (options: readonly number[] = []) =>
      block(0x0a0d0d0a, [
        ...w.u32(0x1a2b3c4d),
        ...w.u16(1),
        ...w.u16(0),
        ...w.u32(0xffffffff),
        ...w.u32(0xffffffff),
        ...options,
      ]),
    iface: (linkType: number, snapLength = 0, options: readonly number[] = []) =>
      block(1, [...w.u16(linkType), 0, 0, ...w.u32(snapLength), ...options]),
    enhanced: (
      iface: number,
      units: bigint,
      frame: Uint8Array,
      options: readonly number[] = [],
      original = frame.length,
    ) =>
      block(6, [
        ...w.u32(iface),
        ...stamp(units),
        ...w.u32(frame.length),
        ...w.u32(original),
        ...padded(frame),
        ...options,
      ]),
    obsolete: (iface: number, drops: number, units: bigint, frame: Uint8Array) =>
      block(2, [
        ...w.u16(iface),
        ...w.u16(drops),
        ...stamp(units),
        ...w.u32(frame.length),
        ...w.u32(frame.length),
        ...padded(frame),
      ]),
    simple: (original: number, frame: Uint8Array) => block(3, [...w.u32(original), ...padded(frame)]),
    statistics: (iface: number, counts: Readonly<Record<number, bigint>>) =>
      block(5, [
        ...w.u32(iface),
        ...stamp(0n),
        ...Object.entries(counts).flatMap(([code, value]) => option(Number(code), u64(value))),
      ]),
    u64,
  };
}

/** One section with every block type, frames on two interfaces, and blocks that are to be skipped. */
export function richNgCapture(frames: readonly TestFrame[], bigEndian: boolean): readonly number[] {
  const ng = ngBlocks(bigEndian);
  const units = (frame: TestFrame) => BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanos);
  return [
    ...ng.section(ng.option(4, [116, 101, 115, 116])),
    ...ng.iface(1, 262144, [...ng.option(2, [101, 116, 104, 48]), ...ng.option(9, [9]), ...ng.option(0, [])]),
    ...ng.block(0x0bad, [1, 2, 3, 4, 5, 6, 7, 8]),
    ...ng.iface(1, 0),
    ...ng.block(10, [...ng.u32(0x544c534b), ...ng.u32(3), 65, 66, 67, 0]),
    ...frames.flatMap((frame, i) =>
      i % 3 === 0
        ? ng.enhanced(0, units(frame), frame.frame, [...ng.option(1, [104, 105]), ...ng.option(0, [])])
        : i % 3 === 1
          ? ng.enhanced(1, units(frame) / 1000n, frame.frame)
          : ng.obsolete(0, 0xffff, units(frame), frame.frame),
    ),
    ...ng.block(4, [0, 0, 0, 0]),
    ...ng.block(0x0bae, []),
    ...ng.statistics(0, { 4: 10n, 5: 2n, 7: 1n }),
  ];
}

function words(bigEndian: boolean) {
  const order = (bytes: readonly number[]) => (bigEndian ? bytes : [...bytes].reverse());
  return {
    u16: (value: number) => order([(value >>> 8) & 0xff, value & 0xff]),
    u32: (value: number) => order([(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]),
  };
}
