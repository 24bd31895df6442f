// Run inside a report by its tests; never part of one.

/**
 * Texts whose contrast is below WCAG 2.1 AA (1.4.3): 4.5, or 3 for large text. Each as `ratio text`.
 * @returns {string[]}
 */
function poorContrast() {
  const channels = (/** @type {string} */ color) =>
    (/rgba?\(([^)]+)\)/.exec(color)?.[1] ?? '0,0,0,0').split(/[,/ ]+/).map(Number);
  const luminance = (/** @type {string} */ color) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (/** @type {Element | null} */ start) => {
    for (let node = start; node !== null; node = node.parentElement) {
      const { backgroundColor } = getComputedStyle(node);
      if ((channels(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  /** @type {Set<string>} */
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const text = (walker.currentNode.textContent ?? '').trim();
    const parent = walker.currentNode.parentElement;
    if (
      text === '' ||
      parent === null ||
      parent.closest('script, style, title, desc, .visually-hidden, .skip-link') !== null ||
      !parent.checkVisibility()
    )
      continue;
    const style = getComputedStyle(parent);
    const a = luminance(parent instanceof SVGElement ? style.fill : style.color);
    const b = luminance(backgroundOf(parent));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.add(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return [...poor];
}

/**
 * What would stop somebody with a screen reader or without a mouse.
 * @returns {string[]}
 */
function structureProblems() {
  /** @type {string[]} */
  const found = [];
  const name = (/** @type {Element} */ node) =>
    node.getAttribute('aria-label') ??
    document.getElementById(node.getAttribute('aria-labelledby') ?? '')?.textContent ??
    node.textContent ??
    '';
  const each = (/** @type {string} */ selector, /** @type {(node: Element) => string | null} */ problem) => {
    for (const node of document.querySelectorAll(selector)) {
      const said = problem(node);
      if (said !== null) found.push(said);
    }
  };
  each('th', (node) =>
    /^(?:col|row|colgroup|rowgroup)$/.test(node.getAttribute('scope') ?? '')
      ? null
      : `th without scope: ${node.textContent}`,
  );
  each('button, a, summary, [role="region"], nav, section', (node) =>
    name(node).trim() === '' ? `${node.tagName} without a name` : null,
  );
  each('svg:not([aria-hidden="true"])', (node) =>
    node.getAttribute('role') === 'img' ? null : 'svg that is no image',
  );
  each('button[data-ladder]', (node) => (node.hasAttribute('aria-expanded') ? null : 'opener without a state'));
  each('.scroll', (node) =>
    node.getAttribute('tabindex') === '0' ? null : 'a scrolling table that the keyboard cannot reach',
  );
  each('a[href^="#"]', (node) =>
    document.getElementById(decodeURIComponent((node.getAttribute('href') ?? '#').slice(1))) === null
      ? `a link to nowhere: ${node.getAttribute('href')}`
      : null,
  );
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  if (new Set(ids).size !== ids.length) found.push('an id stands twice');
  let level = 0;
  each('h1, h2, h3, h4, h5, h6', (node) => {
    const before = level;
    level = Number(node.tagName.slice(1));
    return level > before + 1 ? `heading skips a level: ${node.textContent}` : null;
  });
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  return found;
}

/** @returns {{ color: string, background: string, width: number }} */
function pageLook() {
  const style = getComputedStyle(document.body);
  return { color: style.color, background: style.backgroundColor, width: document.documentElement.scrollWidth };
}
