/**
 * JSON with sorted keys and a line feed at the end, so that the same value is always the same bytes. Throws on what
 * JSON cannot carry (NaN, infinities, bigint): evidence never loses a value silently.
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(sorted(value, '$'), null, 1)}\n`;
}

function sorted(value: unknown, path: string): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${path} is ${value}, which JSON cannot carry`);
  if (typeof value === 'bigint') throw new TypeError(`${path} is a bigint; nanoseconds are decimal strings`);
  if (Array.isArray(value)) return value.map((item, i) => sorted(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${path}.${key}`)]));
}
