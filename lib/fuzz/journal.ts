import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBinding } from '../binding/parse.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { allowedUndo } from '../repair/allowed.js';
import { parseJournal } from '../repair/journalText.js';
import { mutate } from './mutate.js';

const FILE = join(PACKAGE_ROOT, 'topologies/bindings/two-linux-leaves.yaml');
/** With a machine that shuts and opens a port by commands of its own. */
const TEXT = readFileSync(FILE, 'utf8').replace(
  'unplug: { by: self }',
  "unplug: { by: server, port: p7, commands: { shut: [fan, shut, '{port}'], open: [fan, open, '{port}'], show: [fan, show, '{port}'], shutSays: is shut } }",
);
const { binding } = readBinding(
  TEXT.replace(
    /gateway: \{ interface: [\w.]+ \}/,
    'gateway: { interface: gw20, spare: { ipv4: 203.0.113.250 } }',
  ).replace(
    'name: ours,',
    'name: ours, killing: { kill: [ours, die], start: [ours, run], show: [ours], deadSays: no },',
  ),
  FILE,
);

/** All that a journal may ask for with this binding, without looking at how it is decided. */
const MAY_RUN =
  /^\w+ rm -rf \/tmp\/everyleaf-[0-9a-f]{6}$|^(leafa|leafb) ip link set dev swp1 up$|^server ip link set dev (eth[12]|p7) up$|^server fan open p7$|^server ours run$|^leafa ip addr del 203\.0\.113\.250\/32 dev gw20$|^(leafa|leafb) ip -n everyleaf-[a-z0-9-]+ link set dev swp1 netns 1$|^server ip -n everyleaf-[a-z0-9-]+ link set dev (eth[12]|p7) netns 1$|^\w+ ip netns del everyleaf-[a-z0-9-]+$|^\w+ nft delete table (netdev|inet|ip|ip6|bridge|arp) everyleaf[a-z0-9_]*$/;

const UNDOS: readonly (readonly string[])[] = [
  ['ip', 'link', 'set', 'dev', 'swp1', 'up'],
  ['ip', '-n', 'everyleaf-1', 'link', 'set', 'dev', 'swp1', 'netns', '1'],
  ['ip', 'netns', 'del', 'everyleaf-1'],
  ['nft', 'delete', 'table', 'netdev', 'everyleaf_faults'],
  ['rm', '-rf', '/tmp/everyleaf-3f2a11'],
  ['fan', 'open', 'p7'],
  ['ours', 'run'],
  ['ip', 'addr', 'del', '203.0.113.250/32', 'dev', 'gw20'],
];
/** The scripts that are run for what is asked for in the right way; no word of a journal is in them. */
const SCRIPTS = UNDOS.map((undo) => allowedUndo(binding, 'leafa', undo)?.argv.slice(0, 4).join(' '));

function isKnown(run: readonly string[], asked: readonly string[]): boolean {
  if (run.join('\0') === asked.join('\0')) return true;
  return SCRIPTS.includes(run.slice(0, 4).join(' ')) && run.slice(4).every((word) => asked.includes(word));
}

const EVIL = [
  '',
  ' ',
  'sh',
  '-c',
  'reboot',
  'eth0',
  'lo',
  'down',
  ';',
  '$(reboot)',
  '`reboot`',
  '\u0000',
  '\n',
  '..',
  '-batch',
  '__proto__',
  'constructor',
  'x'.repeat(2_000),
];

const pick = <T>(of: readonly T[], random: () => number): T | undefined => of[Math.floor(random() * of.length)];

function journal(random: () => number): string {
  const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => {
    const undo = [...(pick(UNDOS, random) ?? [])];
    if (random() < 0.5)
      undo.splice(Math.floor(random() * undo.length), Math.floor(random() * 2), pick(EVIL, random) ?? '');
    const machine = random() < 0.1 ? pick(EVIL, random) : pick(['leafa', 'leafb', 'server'], random);
    const begin = (random() < 0.1 ? 0 : i).toString(16).padStart(16, '0');
    return JSON.stringify({ v: 1, begin, at: 'now', run: 'r', machine, what: 'w', undo: [undo], guard: null });
  });
  return `${lines.join('\n')}\n`;
}

/**
 * Feeds a broken or hostile journal to repair. Promises: it is read without an error, and nothing is run but what the
 * binding allows.
 */
export function fuzzJournal(random: () => number): string {
  const text = new TextEncoder().encode(journal(random));
  const { open, closed, damaged } = parseJournal(random() < 0.5 ? mutate(text, random) : text);
  if (closed.length > 0) throw new Error('the end of a change was made up');
  let runs = 0;
  for (const { machine, undo } of open)
    for (const argv of undo) {
      const allowed = allowedUndo(binding, machine, argv);
      if (allowed === null) continue;
      runs++;
      const isAsked = MAY_RUN.test([machine, ...argv].join(' ')) && !argv.some((word) => /\s/.test(word));
      if (!isAsked || !isKnown(allowed.argv, argv))
        throw new Error(`would run on ${machine}: ${JSON.stringify(allowed.argv)}`);
    }
  return runs > 0 ? 'journal: something to undo' : damaged.length > 0 ? 'journal: damaged' : 'journal: nothing to undo';
}
