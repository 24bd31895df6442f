/** `did you mean "x"?`, else the allowed names; for a name that is not in `known`. */
export function suggest(text: string, known: readonly string[]): string {
  const near = nearest(text, known);
  if (near !== null) return `did you mean "${near}"?`;
  return known.length === 0 ? 'there is none to choose from' : `known: ${known.join(', ')}`;
}

/** `; did you mean "x"?`, else nothing: for a message that lists all names in its next line. */
export function orNear(text: string, known: readonly string[]): string {
  const near = nearest(text, known);
  return near === null ? '' : `; did you mean "${near}"?`;
}

/** The name that was most likely meant, or null when none is close. */
export function nearest(text: string, known: readonly string[]): string | null {
  const near = [...known]
    .map((candidate) => ({ candidate, distance: editDistance(text.slice(0, 64), candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= Math.max(1, Math.floor(near.candidate.length / 3))
    ? near.candidate
    : null;
}

/** Insertions, deletions and replacements that turn `a` into `b` (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
