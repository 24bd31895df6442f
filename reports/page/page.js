/** @type {LadderData | null} */
let parsed = null;

/** Parsed on the first ladder, so that the page is there at once. */
function ladderData() {
  parsed ??= /** @type {LadderData} */ (
    JSON.parse(document.getElementById('ladder-data')?.textContent ?? '{"ladders":[],"deliveries":[],"frames":[]}')
  );
  return parsed;
}

let panels = 0;

/**
 * A panel with the examples of one cell; the first is open.
 * @param {HTMLElement} opener
 * @param {() => void} close
 */
function ladderPanel(opener, close) {
  const data = ladderData();
  const ladder = data.ladders[Number(opener.dataset.ladder)];
  const panel = element('div', { class: 'panel', role: 'region', id: `panel-${panels++}` });
  if (ladder === undefined) return panel;
  const at = Number(opener.dataset.leaf);
  const leaf = ladder.leaves[at];
  const examples = ladder.examples[at] ?? ladder.examples[0] ?? [];
  const title = leaf === undefined ? ladder.title : `${leaf}: ${ladder.title}`;
  panel.setAttribute('aria-label', title);
  const closer = element('button', { type: 'button', class: 'close' }, '× close');
  closer.addEventListener('click', close);
  panel.append(element('div', { class: 'panel-head' }, element('h3', {}, title), closer));
  const left = ladder.total - examples.length;
  panel.append(
    element(
      'p',
      { class: 'note' },
      left > 0
        ? `${examples.length} of ${ladder.total} probes are shown here, those that did not pass first; ${left} more are in the evidence: ${ladder.evidence.join(', ')}`
        : `all ${ladder.total} probes; evidence: ${ladder.evidence.join(', ')}`,
    ),
  );
  const stage = element('div', { class: 'stage' });
  const choices = element('div', { class: 'choices', role: 'group', 'aria-label': 'probe' });
  const buttons = examples.flatMap((index) => {
    const delivery = data.deliveries[index];
    if (delivery === undefined) return [];
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, choiceText(delivery, leaf));
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      stage.replaceChildren(exampleView(data, delivery));
    });
    return [button];
  });
  choices.append(...buttons);
  panel.append(choices, stage);
  buttons[0]?.click();
  return panel;
}

/**
 * @param {PageDelivery} delivery
 * @param {string | undefined} leaf
 */
function choiceText(delivery, leaf) {
  const seen = delivery.leaves.find((candidate) => candidate.leaf === leaf);
  const word = seen === undefined ? delivery.verdict : seen.word;
  return `${delivery.verdict === 'pass' ? '✓' : delivery.verdict === 'fail' ? '✗' : delivery.verdict === 'skipped' ? '○' : '?'} ${delivery.probe} ${delivery.sender}, ${word}`;
}

/**
 * @param {LadderData} data
 * @param {PageDelivery} delivery
 */
function exampleView(data, delivery) {
  const owed = delivery.leaves.some((leaf) => leaf.leaf === delivery.sender)
    ? 'no copy, for a leaf sent it'
    : ({
        replicated: 'one copy on each live leaf',
        single: 'one copy in total',
        unjudged: 'nothing: it is recorded only',
      }[delivery.duty] ?? delivery.duty);
  return element(
    'div',
    { class: 'example' },
    element(
      'div',
      { class: 'ladder-box' },
      element(
        'p',
        { class: 'about' },
        element('b', {}, delivery.kind),
        ` from ${delivery.sender}, ${delivery.form}. Due: ${owed}.`,
      ),
      element(
        'div',
        { class: 'ladder-scroll', tabindex: '0', role: 'region', 'aria-label': 'ladder' },
        ladderPicture(delivery),
      ),
      element('p', { class: 'note' }, `sent at ${delivery.sent} ns, experiment ${delivery.experiment}`),
    ),
    framesPanel(data, delivery),
  );
}

/** @param {HTMLElement} opener */
function toggleLadder(opener) {
  const open = opener.getAttribute('aria-expanded') === 'true';
  const row = opener.closest('tr');
  const place = row ?? opener.parentElement;
  if (place === null) return;
  const next = place.nextElementSibling;
  if (next?.classList.contains('ladder-row')) {
    next.remove();
    for (const other of place.querySelectorAll('[data-ladder]')) {
      other.setAttribute('aria-expanded', 'false');
      other.removeAttribute('aria-controls');
    }
  }
  if (open) return;
  const panel = ladderPanel(opener, () => {
    toggleLadder(opener);
    opener.focus();
  });
  if (row === null) place.after(element('div', { class: 'ladder-row' }, panel));
  else
    place.after(
      element(
        'tr',
        { class: 'ladder-row' },
        element(
          'td',
          {
            colspan: String(
              [...row.children].reduce((sum, cell) => sum + /** @type {HTMLTableCellElement} */ (cell).colSpan, 0),
            ),
          },
          panel,
        ),
      ),
    );
  fit(panel);
  opener.setAttribute('aria-expanded', 'true');
  opener.setAttribute('aria-controls', panel.id);
}

/**
 * A panel is as wide as what is visible of its table, however wide the table is.
 * @param {HTMLElement} panel
 */
function fit(panel) {
  const scroll = panel.closest('.scroll');
  if (scroll !== null) panel.style.width = `${scroll.clientWidth}px`;
}

document.addEventListener('click', (event) => {
  const opener = event.target instanceof Element ? event.target.closest('button[data-ladder]') : null;
  if (opener instanceof HTMLElement) toggleLadder(opener);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !(event.target instanceof Element)) return;
  const opener = event.target.closest('[data-ladder][aria-expanded="true"]');
  const close = event.target.closest('.panel')?.querySelector('.close');
  if (opener instanceof HTMLElement) toggleLadder(opener);
  else if (close instanceof HTMLElement) close.click();
});

addEventListener('resize', () => {
  for (const panel of document.querySelectorAll('.panel')) if (panel instanceof HTMLElement) fit(panel);
});

/** A link to an experiment opens it, and the fold around it. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node !== null; node = node.parentElement)
    if (node instanceof HTMLDetailsElement) node.open = true;
  target?.scrollIntoView();
}

addEventListener('hashchange', openTarget);
if (location.hash.length > 1) openTarget();
