import { stripVTControlCharacters } from 'node:util';

export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Colour codes are carried as private-use characters, to tell our own from those inside a name. */
const CARRIER = 0xe000;

export function paint(text: string, style: Style): string {
  const [on, off] = CODES[style];
  return `${String.fromCharCode(CARRIER + on)}${text}${String.fromCharCode(CARRIER + off)}`;
}

/**
 * The line as it may be written: no control sequence but our own colours. Names come from files and could move the
 * cursor.
 */
export function printable(line: string): string {
  const clean = stripVTControlCharacters(line).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.replace(/[\ue000-\ue07f]/g, (character) => `\u001b[${String(character.charCodeAt(0) - CARRIER)}m`);
}

/** Fills up with spaces; a longer text is cut with an ellipsis. */
export function pad(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);
}

/** Breaks at spaces; a word longer than a line stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
