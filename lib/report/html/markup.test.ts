import { expect, test } from '@playwright/test';
import { escapeText, html, sentence, trusted } from './markup.js';

test('a value in a template is text, in content and in attributes', () => {
  const name = `<b>"x" & 'y'</b>`;
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;">&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;</p>',
  );
});

test('lists and nothing', () => {
  expect(html`<ul>${['a', html`<li>${1}</li>`, null, false]}</ul>${trusted('<hr>')}`.markup).toBe(
    '<ul>a<li>1</li></ul><hr>',
  );
});

test('control characters do not reach the document', () => {
  expect(escapeText('a\u0000b\u001b[31m\tc')).toBe('a\ufffdb\ufffd[31m\tc');
});

test('names with hyphens stay on one line, and stay text', () => {
  expect(sentence('leaf-b saw <x-y>').markup).toBe(
    '<span class="name-word">leaf-b</span> saw <span class="name-word">&lt;x-y&gt;</span>',
  );
});
