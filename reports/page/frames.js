/**
 * What was sent and what each leaf saw, with differences marked.
 * @param {LadderData} data
 * @param {PageDelivery} delivery
 * @returns {HTMLElement}
 */
function framesPanel(data, delivery) {
  const panel = element('div', { class: 'frames' });
  const copies = delivery.leaves.flatMap((leaf) =>
    leaf.copies.map((copy) => ({ leaf: leaf.leaf, copy, seen: data.frames[copy.frame] })),
  );
  const sent = data.frames[delivery.frame];
  const due = data.frames[delivery.due];
  // Captures that were taken anywhere do not hold what was sent: the first copy stands in for it, and says so.
  const reference = due ?? copies.find((one) => one.seen !== undefined)?.seen;
  if (reference === undefined) {
    panel.append(element('p', { class: 'empty' }, 'The evidence is not at hand, so the frames cannot be shown.'));
    return panel;
  }
  if (due === undefined) panel.append(frameBlock('First copy seen', 'what was sent is not known', reference, null));
  else if (sent === undefined || sent === due)
    panel.append(frameBlock('Sent', `${due.hex.length / 2} bytes`, due, null));
  else
    panel.append(
      frameBlock(
        'Due on the wire',
        `${due.hex.length / 2} bytes: what was sent, with the tag that the port pushes`,
        due,
        null,
      ),
      element('p', { class: 'seen' }, element('b', {}, 'Sent'), ` ${sent.hex.length / 2} bytes, ${sent.summary}`),
    );
  for (const { leaf, copy, seen } of copies) {
    const title = `${leaf}, +${duration(copy.at)}`;
    if (seen === undefined)
      panel.append(element('p', { class: 'seen' }, element('b', {}, title), ' its bytes are not at hand'));
    else if (copy.differences.length > 0)
      panel.append(frameBlock(title, `≠ differs: ${copy.differences.join(', ')}`, seen, reference, 'tone-bad'));
    else if (seen === reference)
      panel.append(
        element(
          'p',
          { class: 'seen' },
          element('b', {}, title),
          element(
            'span',
            { class: 'tone-good' },
            due === undefined ? ' this is the first copy' : ' ✓ identical, byte for byte',
          ),
        ),
      );
    else panel.append(frameBlock(title, '✓ identical after the declared normalisation', seen, reference, 'tone-good'));
  }
  return panel;
}

/**
 * @param {string} title
 * @param {string} note
 * @param {PageFrame} frame
 * @param {PageFrame | null} reference differences against it are marked
 * @param {string} [tone]
 */
function frameBlock(title, note, frame, reference, tone = 'note') {
  return element(
    'div',
    { class: 'frame' },
    element('h4', {}, title, ' ', element('span', { class: tone }, note)),
    element('p', { class: 'summary' }, frame.summary),
    hexDump(frame.hex, reference === null ? null : changed(reference.hex, frame.hex)),
    fieldList(frame.layers, reference?.layers ?? null),
  );
}

/**
 * Bytes that differ: one by one when both are equally long, else all between the common start and the common end.
 * @param {string} before
 * @param {string} after
 * @returns {Set<number>}
 */
function changed(before, after) {
  const at = (/** @type {string} */ hex, /** @type {number} */ index) => hex.slice(index * 2, index * 2 + 2);
  const length = after.length / 2;
  const marks = /** @type {Set<number>} */ (new Set());
  if (before.length === after.length) {
    for (let index = 0; index < length; index++) if (at(before, index) !== at(after, index)) marks.add(index);
    return marks;
  }
  let start = 0;
  while (start < length && at(before, start) === at(after, start)) start++;
  let end = 0;
  while (
    end < Math.min(length, before.length / 2) - start &&
    at(before, before.length / 2 - 1 - end) === at(after, length - 1 - end)
  )
    end++;
  for (let index = start; index < length - end; index++) marks.add(index);
  return marks;
}

/**
 * @param {string} hex
 * @param {Set<number> | null} marks
 */
function hexDump(hex, marks) {
  const dump = element('pre', { class: 'hex', tabindex: '0', role: 'region', 'aria-label': 'bytes of the frame' });
  const bytes = hex.match(/../g) ?? [];
  for (let row = 0; row < bytes.length; row += 16) {
    dump.append(element('span', { class: 'offset' }, row.toString(16).padStart(4, '0')), '  ');
    for (let index = row; index < row + 16; index++) {
      const byte = bytes[index];
      const text = byte ?? '  ';
      dump.append(
        byte !== undefined && marks?.has(index) ? element('mark', {}, text) : text,
        index === row + 7 ? '  ' : ' ',
      );
    }
    const letters = bytes.slice(row, row + 16).map((byte) => {
      const code = parseInt(byte, 16);
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·';
    });
    dump.append(' ', element('span', { class: 'letters' }, letters.join('')), '\n');
  }
  return dump;
}

/**
 * @param {PageLayer[]} layers
 * @param {PageLayer[] | null} reference
 */
function fieldList(layers, reference) {
  const list = element('div', { class: 'layers' });
  const known = reference === null ? null : new Map(reference.map(([layer, fields]) => [layer, new Map(fields)]));
  for (const [layer, fields] of layers) {
    const before = known?.get(layer);
    const rows = fields.map(([name, value]) => {
      const differs = known !== null && before?.get(name) !== value;
      return element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', {}, differs ? element('mark', {}, `≠ ${value}`) : value),
      );
    });
    list.append(element('h5', {}, layer), element('dl', { class: 'fields' }, ...rows));
  }
  for (const [layer] of reference ?? []) {
    if (!layers.some(([name]) => name === layer))
      list.append(element('h5', {}, element('mark', {}, `≠ ${layer} absent`)));
  }
  return list;
}
