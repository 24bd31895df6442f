/** 1234567 -> `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Nanoseconds in the largest unit that keeps three digits: `840 ns`, `41.2 µs`, `1.10 ms`, `1.00 s`. */
export function nanos(value: number): string {
  const size = Math.abs(value);
  if (size < 1_000) return `${String(Math.round(value))} ns`;
  if (size < 1_000_000) return `${three(value / 1_000)} µs`;
  if (size < 1_000_000_000) return `${three(value / 1_000_000)} ms`;
  return `${three(value / 1_000_000_000)} s`;
}

/** Milliseconds: `640 ms`, `27.3 s`, `4 min 12 s`. */
export function millis(value: number): string {
  if (value < 1_000) return `${String(Math.round(value))} ms`;
  if (value < 60_000) return `${three(value / 1_000)} s`;
  const seconds = Math.round(value / 1_000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

function three(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** `1 leaf`, `2 leaves` */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
