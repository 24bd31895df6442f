import { html, trusted, type Markup } from './markup.js';

/**
 * The head of a page that loads nothing and runs nothing (Content Security Policy Level 3): only styles of its own, and
 * pictures that it carries.
 *
 * @param style not of a user: it is put in as it is
 */
export function plainHead(title: Markup | string, style: string): Markup {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>`;
}
