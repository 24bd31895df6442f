/** A text of several lines in one, for sentences: each break, with the spaces around it, is one space. */
export function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
