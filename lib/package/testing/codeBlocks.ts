/** A TypeScript block of a page. */
export interface CodeBlock {
  /** The file that it shows, from the line above it; null where no file is named. */
  readonly file: string | null;
  readonly text: string;
}

/** Every `ts` block of a page in Markdown. One that is introduced by "`examples/x.ts`:" is that file. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/(?:^`(examples\/[^`\n]+)`:\n\n)?^```ts\n([^]*?)^```$/gm)].map(([, file, text = '']) => ({
    file: file ?? null,
    text,
  }));
}
