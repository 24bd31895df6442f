/**
 * Timestamps of one pcapng interface: a 64-bit count of units, RFC draft-ietf-opsawg-pcapng 4.2 (if_tsresol,
 * if_tsoffset).
 */
export interface Clock {
  /** Results of the last `read`, whole seconds and 0..999,999,999. */
  seconds: number;
  nanos: number;
  /** Units in a second, where these are tenths of each other and no finer than 1 ns; else 0. And what is added, s. */
  readonly perSecond: number;
  readonly offsetSeconds: number;
  /**
   * Sets `seconds` and `nanos` from the two halves of a count, truncating what is finer than a nanosecond. Allocates
   * nothing.
   */
  read(high: number, low: number): void;
}

const TWO32 = 0x1_0000_0000;
/** 10^9 / 2^9 */
const FIVE_TO_NINE = 1_953_125;

/**
 * @param resolution the option's byte: 10^-n, or 2^-n when the top bit is set
 * @returns null when no 64-bit count of such units reaches one second
 */
export function createClock(resolution: number, offsetSeconds: number): Clock | null {
  const exponent = resolution & 0x7f;
  if ((resolution & 0x80) !== 0) return exponent > 63 ? null : binaryClock(exponent, offsetSeconds);
  if (exponent > 19) return null;
  return exponent <= 9 ? decimalClock(exponent, offsetSeconds) : fineClock(exponent, offsetSeconds);
}

/** 1 s to 1 ns: everything in use. The high half changes rarely, so its share is cached. */
function decimalClock(exponent: number, offset: number): Clock {
  const perSecond = 10 ** exponent;
  const toNanos = 10 ** (9 - exponent);
  let keptHigh = 0;
  let keptSeconds = 0;
  let keptRest = 0;
  const clock: Clock = {
    seconds: 0,
    nanos: 0,
    perSecond,
    offsetSeconds: offset,
    read(high, low) {
      if (high !== keptHigh) {
        keptHigh = high;
        const split = divide(high, 0, perSecond);
        keptSeconds = split.quotientHigh * TWO32 + split.quotientLow;
        keptRest = split.rest;
      }
      const units = keptRest + low;
      const whole = Math.floor(units / perSecond);
      clock.seconds = keptSeconds + whole + offset;
      clock.nanos = (units - whole * perSecond) * toNanos;
    },
  };
  return clock;
}

/** Finer than a nanosecond: to nanoseconds first, then as above. */
function fineClock(exponent: number, offset: number): Clock {
  const perNano = 10 ** (exponent - 9);
  const nanoseconds = decimalClock(9, offset);
  const clock: Clock = {
    seconds: 0,
    nanos: 0,
    perSecond: 0,
    offsetSeconds: offset,
    read(high, low) {
      const split = divide(high, low, perNano);
      nanoseconds.read(split.quotientHigh, split.quotientLow);
      clock.seconds = nanoseconds.seconds;
      clock.nanos = nanoseconds.nanos;
    },
  };
  return clock;
}

function binaryClock(exponent: number, offset: number): Clock {
  const clock: Clock = {
    seconds: 0,
    nanos: 0,
    perSecond: 0,
    offsetSeconds: offset,
    read(high, low) {
      if (exponent <= 32) {
        const scale = 2 ** exponent;
        const whole = Math.floor(low / scale);
        clock.seconds = high * (TWO32 / scale) + whole + offset;
        clock.nanos = exponent === 0 ? 0 : scaled(low - whole * scale, exponent);
        return;
      }
      const scale = 2 ** (exponent - 32);
      const whole = Math.floor(high / scale);
      // The fraction's first 32 bits, and what is left behind them; each product stays below 2^53.
      const top = high - whole * scale;
      const shift = TWO32 / scale;
      const first = top * shift + Math.floor(low / scale);
      const rest = Math.floor(((low % scale) * FIVE_TO_NINE) / scale);
      clock.seconds = whole + offset;
      clock.nanos = Math.floor((first * FIVE_TO_NINE + rest) / 2 ** 23);
    },
  };
  return clock;
}

/** Nanoseconds of `fraction` / 2^exponent, exponent 1..32. */
function scaled(fraction: number, exponent: number): number {
  return Math.floor((fraction * FIVE_TO_NINE) / 2 ** (exponent - 9));
}

const quotient = { quotientHigh: 0, quotientLow: 0, rest: 0 };

/**
 * Long division of a 64-bit number in 16-bit digits; divisor below 2^37. The result is overwritten by the next call.
 */
function divide(high: number, low: number, divisor: number): typeof quotient {
  let rest = 0;
  const step = (digit: number): number => {
    const current = rest * 0x10000 + digit;
    const part = Math.floor(current / divisor);
    rest = current - part * divisor;
    return part;
  };
  const a = step(high >>> 16);
  const b = step(high & 0xffff);
  const c = step(low >>> 16);
  const d = step(low & 0xffff);
  quotient.quotientHigh = a * 0x10000 + b;
  quotient.quotientLow = c * 0x10000 + d;
  quotient.rest = rest;
  return quotient;
}
