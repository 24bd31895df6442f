/** A value in a column with keys and values, as the database writes it (RFC 7047 5.1); null where the key is not there. */
export function valueIn(column: unknown, key: string): string | null {
  const pairs = Array.isArray(column) && column[0] === 'map' ? (column[1] as readonly (readonly string[])[]) : [];
  return pairs.find(([name]) => name === key)?.[1] ?? null;
}
