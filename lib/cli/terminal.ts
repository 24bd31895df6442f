import { styleText } from 'node:util';

/** Whether to paint: on a terminal, unless NO_COLOR is set (no-color.org) or the terminal has no colours. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true;
}

export type Colour = 'green' | 'red' | 'yellow' | 'gray' | 'bold';

/** Paints text for a stream, or leaves it plain. */
export function painter(stream: { readonly isTTY?: boolean }): (colour: Colour, text: string) => string {
  if (!wantsColour(stream)) return (_colour, text) => text;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}

/**
 * Writes to stdout and waits until it is flushed, so that an exit afterwards cannot cut it off. A reader that went away
 * (`| head`) is no error.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/** One JSON value for machines: the only thing that a command with `--json` writes to stdout. */
export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, 2));
}
