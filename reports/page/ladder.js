const COLUMN = 190;
const LEFT = 70;
const HEAD = 46;
const BODY = 190;

/**
 * The ladder of one probe: time goes down, columns are the sender and the leaves.
 * @param {PageDelivery} delivery
 * @returns {SVGElement}
 */
function ladderPicture(delivery) {
  const columns = delivery.leaves.map((leaf, index) => ({ ...leaf, x: LEFT + COLUMN * (index + 1) }));
  const times = delivery.leaves.flatMap((leaf) => leaf.copies.map((copy) => copy.at));
  const scale = timeScale(times);
  const width = LEFT + COLUMN * columns.length + 190;
  const height = HEAD + BODY + 56;
  const last = HEAD + BODY + 16;
  const picture = drawing('svg', {
    class: 'ladder',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': ladderWords(delivery),
  });
  picture.append(arrowHead());
  picture.append(drawing('text', { class: 'who', x: LEFT, y: 18, 'text-anchor': 'middle' }, delivery.sender));
  picture.append(
    drawing('text', { class: 'what', x: LEFT, y: 34, 'text-anchor': 'middle' }, `probe ${delivery.probe}`),
  );
  picture.append(drawing('line', { class: 'life', x1: LEFT, y1: HEAD, x2: LEFT, y2: last }));
  picture.append(drawing('circle', { class: 'start', cx: LEFT, cy: HEAD + 8, r: 4 }));
  for (const column of columns) {
    const dead = delivery.dead.includes(column.leaf);
    picture.append(drawing('text', { class: 'who', x: column.x, y: 18, 'text-anchor': 'middle' }, column.leaf));
    picture.append(
      drawing(
        'text',
        { class: `what tone-${column.tone}`, x: column.x, y: 34, 'text-anchor': 'middle' },
        dead ? `leg down, ${column.word}` : column.word,
      ),
    );
    picture.append(
      drawing('line', { class: dead ? 'life dead' : 'life', x1: column.x, y1: HEAD, x2: column.x, y2: last }),
    );
    if (column.copies.length === 0) picture.append(nothing(column));
    picture.append(arrivals(column, scale));
  }
  if (delivery.skew !== null && times.length > 1)
    picture.append(skewBracket(width - 84, scale.y(Math.min(...times)), scale.y(Math.max(...times)), delivery.skew));
  picture.append(
    drawing(
      'text',
      { class: 'scale', x: LEFT, y: height - 6, 'text-anchor': 'start' },
      `time after sending, ${scale.words}`,
    ),
  );
  return picture;
}

/**
 * Linear while the arrivals are near each other, else logarithmic: a copy 1 s late must not hide the first microseconds.
 * @param {number[]} times
 * @returns {{ words: string, y: (ns: number) => number }}
 */
function timeScale(times) {
  const positive = times.filter((time) => time > 0);
  const most = Math.max(...positive, 1);
  const linear = most / Math.min(...positive, most) < 30;
  const share = (/** @type {number} */ ns) =>
    linear ? Math.max(ns, 0) / most : Math.log1p(Math.max(ns, 0)) / Math.log1p(most);
  return { words: linear ? 'linear' : 'logarithmic', y: (ns) => HEAD + 24 + share(ns) * (BODY - 24) };
}

/**
 * @param {PageLeaf & { x: number }} column
 * @param {{ y: (ns: number) => number }} scale
 */
function arrivals(column, scale) {
  const group = drawing('g', { class: `arrivals tone-${column.tone}` });
  let lowest = -Infinity;
  for (const copy of column.copies) {
    const y = scale.y(copy.at);
    const wrong = copy.differences.length > 0;
    group.append(
      drawing('line', {
        class: wrong ? 'arrow wrong' : 'arrow',
        x1: LEFT + 5,
        y1: HEAD + 9,
        x2: column.x - 3,
        y2: y,
        'marker-end': 'url(#head)',
      }),
    );
    lowest = Math.max(y + 4, lowest + 15);
    group.append(
      drawing('text', { class: 'arrival', x: column.x + 8, y: lowest }, `${wrong ? '≠ ' : ''}+${duration(copy.at)}`),
    );
  }
  return group;
}

/**
 * No copy: a gap with a cross where one was due, a quiet stub where none was.
 * @param {PageLeaf & { x: number }} column
 */
function nothing(column) {
  const y = HEAD + 24 + (BODY - 24) * 0.55;
  const group = drawing('g', { class: `nothing tone-${column.tone}` });
  if (column.tone === 'quiet') {
    group.append(drawing('text', { class: 'arrival', x: column.x + 8, y: y + 4 }, 'no copy, none due'));
    return group;
  }
  const from = column.x - COLUMN * 0.42;
  group.append(drawing('line', { class: 'gap', x1: LEFT + 5, y1: HEAD + 9, x2: from, y2: y - 10 }));
  if (column.tone === 'unsure')
    group.append(drawing('text', { class: 'doubt', x: from + 14, y: y - 2, 'text-anchor': 'middle' }, '?'));
  else group.append(drawing('path', { class: 'cross', d: `M${from + 7} ${y - 15}l14 14m0 -14l-14 14` }));
  group.append(drawing('line', { class: 'gap faint', x1: from + 28, y1: y - 5, x2: column.x - 5, y2: y }));
  group.append(
    drawing(
      'text',
      { class: 'arrival', x: column.x + 8, y: y + 4 },
      column.outcome === 'missing' ? '✗ no copy' : column.word,
    ),
  );
  return group;
}

/**
 * @param {number} x
 * @param {number} top
 * @param {number} bottom
 * @param {number} skew
 */
function skewBracket(x, top, bottom, skew) {
  const end = Math.max(bottom, top + 1);
  return drawing(
    'g',
    { class: 'skew' },
    drawing('path', { d: `M${x - 5} ${top}h5V${end}h-5` }),
    drawing('text', { x: x + 7, y: (top + end) / 2 - 2 }, 'skew'),
    drawing('text', { x: x + 7, y: (top + end) / 2 + 12 }, duration(skew)),
  );
}

function arrowHead() {
  return drawing(
    'defs',
    {},
    drawing(
      'marker',
      {
        id: 'head',
        viewBox: '0 0 8 8',
        refX: 7,
        refY: 4,
        markerWidth: 8,
        markerHeight: 8,
        orient: 'auto-start-reverse',
        markerUnits: 'userSpaceOnUse',
      },
      drawing('path', { class: 'head', d: 'M0 0.5L8 4L0 7.5z' }),
    ),
  );
}

/** @param {PageDelivery} delivery */
function ladderWords(delivery) {
  const leaves = delivery.leaves.map(
    (leaf) =>
      `${leaf.leaf} ${leaf.word}${leaf.copies.length > 0 ? ` after ${leaf.copies.map((copy) => duration(copy.at)).join(' and ')}` : ''}`,
  );
  return `Ladder of probe ${delivery.probe}, ${delivery.kind} from ${delivery.sender}: ${leaves.join('; ')}`;
}
