const LOSS = /drop|los[st]|discard|error|overrun|overflow|(?:^|[^a-z])miss/i;
/** A new word within a name; "transmission" is no miss. */
const MISS = /Miss/;

/** Whether a name says that frames were lost. */
const isLoss = (name: string): boolean => LOSS.test(name) || MISS.test(name);

/** A whole number that stands by itself: no part of a name, an address, a version or a share. */
const NUMBER = /(?<![\w.:/-])\d+(?![\w:/%-]|\.\d)/g;

/** A word, and the number behind it: `dropped 3`, `drops: 3`, `"drops": 3`. */
const PAIR = /([A-Za-z][\w.()[\]-]*)["']?\s*[:=]?\s+["']?(\d+)(?![\w:/%-]|\.\d)/g;

/** A counter of nft(8) with a name of its own. */
const NAMED = /\bcounter (\S+) \{[^}]*?\bpackets (\d+)/g;

/** A rule of nft that counts what it drops. */
const DROPPING = /\bcounter packets (\d+) bytes \d+\b(.*\bdrop\b)/;

interface Counter {
  readonly name: string;
  readonly value: number;
}

function ofLine(line: string, next: string): readonly Counter[] {
  const rule = DROPPING.exec(line);
  if (rule !== null) return [{ name: line.trim().replace(/\bpackets \d+ bytes \d+ /, ''), value: Number(rule[1]) }];
  // What else a rule or a counter of nft says is a limit, or bytes.
  if (/\b(packets \d+ bytes|limit rate)\b/.test(line)) return [];
  const numbers = line.match(NUMBER) ?? [];
  if (numbers.length === 0) return ofColumns(line, next);
  if (numbers.length === 1) {
    const name = line
      .replace(NUMBER, '')
      .replace(/["',:={}()]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return isLoss(name) ? [{ name, value: Number(numbers[0]) }] : [];
  }
  return [...line.matchAll(PAIR)].flatMap(([, name = '', value]) =>
    isLoss(name) ? [{ name, value: Number(value) }] : [],
  );
}

/** `RX: bytes packets errors dropped` over a line of numbers, as `ip -s link` has it. */
function ofColumns(heads: string, numbers: string): readonly Counter[] {
  const values = numbers.trim().split(/\s+/);
  if (!values.every((value) => /^\d+$/.test(value))) return [];
  const words = heads.trim().split(/\s+/);
  const label = words[0]?.endsWith(':') === true ? (words.shift() ?? '') : '';
  if (words.length !== values.length) return [];
  return words.flatMap((word, at) =>
    isLoss(word) ? [{ name: `${label} ${word}`.trim(), value: Number(values[at]) }] : [],
  );
}

/**
 * The counters of lost frames in what a command printed, by name. Known forms: a line with one number whose words say
 * that something was lost (ethtool(8), "3 packets dropped"); words before their numbers in one line (tc(8)); columns over
 * a line of numbers (ip(8)); counters of nft(8) that are named so, and its rules that count and drop.
 */
export function lossCountersIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n');
  const found = [
    ...[...text.matchAll(NAMED)].flatMap(([, name = '', value]) =>
      isLoss(name) ? [{ name, value: Number(value) }] : [],
    ),
    ...lines.flatMap((line, at) => ofLine(line, lines[at + 1] ?? '')),
  ];
  const counters = new Map<string, number>();
  for (const { name, value } of found) {
    let free = name;
    for (let at = 2; counters.has(free); at++) free = `${name} #${at}`;
    counters.set(free, value);
  }
  return counters;
}

/**
 * How many frames counters have counted between two readings: the most that one of them did, because several may count
 * the same frames. A text where that cannot be said.
 */
export function grownBy(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number | string {
  if (before.size === 0 && after.size === 0) return 'it printed no counter of lost frames';
  let most = 0;
  for (const [name, from] of before) {
    const to = after.get(name);
    if (to === undefined) return `the counter "${name}" was not there any more`;
    if (to < from) return `the counter "${name}" fell from ${from} to ${to}`;
    most = Math.max(most, to - from);
  }
  // Some are shown only when they have counted something.
  for (const [name, to] of after) if (!before.has(name)) most = Math.max(most, to);
  return most;
}
