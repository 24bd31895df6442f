/**
 * Text that is already HTML. Only `html` and `trusted` make it, so a plain string can never reach the page unescaped.
 */
export interface Markup {
  readonly markup: string;
}

export type Child = Markup | string | number | null | false | readonly Child[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes for element content and for quoted attributes; control characters that HTML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
}

/** HTML from a template: every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Child[]): Markup {
  let markup = strings[0] ?? '';
  values.forEach((value, index) => {
    markup += flatten(value) + (strings[index + 1] ?? '');
  });
  return { markup };
}

/** Marks text as HTML. Only for text that this package wrote itself or has escaped. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** A sentence whose names do not break at their hyphens: `leaf-a` stays on one line. */
export function sentence(text: string): Markup {
  const words = text.split(/(\s+)/);
  return html`${words.map((word) => (/^[^\s]{1,24}$/.test(word) && word.includes('-') ? html`<span class="name-word">${word}</span>` : word))}`;
}

function flatten(value: Child): string {
  if (value === null || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(flatten).join('');
  return value.markup;
}

function isList(value: Markup | readonly Child[]): value is readonly Child[] {
  return Array.isArray(value);
}
