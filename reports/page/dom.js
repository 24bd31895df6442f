// The files of this folder are joined in one function and put into every report; see lib/report/html/pageAssets.ts.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An HTML element. Text goes in as text nodes, so nothing from a capture or a topology file is ever parsed as HTML.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
function drawing(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/**
 * Nanoseconds for people.
 * @param {number} ns
 */
function duration(ns) {
  const size = Math.abs(ns);
  const three = (/** @type {number} */ value) =>
    value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
  if (size < 1e3) return `${Math.round(ns)} ns`;
  if (size < 1e6) return `${three(ns / 1e3)} µs`;
  if (size < 1e9) return `${three(ns / 1e6)} ms`;
  return `${three(ns / 1e9)} s`;
}
