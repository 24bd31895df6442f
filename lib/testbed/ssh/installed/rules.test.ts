import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../../defaults.js';
import { loadBinding } from '../../../binding/load.js';
import { allowedUndo } from '../../../repair/allowed.js';
import type { VerbCommand } from '../guarded.js';
import { countsIn, ruleVerb, tableOf } from './rules.js';

const TABLE = tableOf('silenceLacp', 1);
const VERB = ruleVerb('leafa', 'swp1', TABLE, 'ether type 0x8809 drop');

/** As nft 1.0.6 prints it. */
const LISTED = `table netdev ${TABLE} {
\tchain c {
\t\ttype filter hook egress device "swp1" priority 1000; policy accept;
\t\tcounter packets 12 bytes 720
\t\tether type 0x8809 counter packets 3 bytes 372 drop
\t}
}
`;

const saying =
  (text: string): VerbCommand =>
  () =>
    Promise.resolve(text);

test('a rule counts what it sees and what it drops, and only such a one is believed', async () => {
  expect(countsIn(LISTED)).toEqual({ all: 12, dropped: 3 });
  expect(countsIn(LISTED.replace(' drop', ''))).toBeNull();
  await VERB.seen(saying(LISTED));
  for (const wrong of ['', LISTED.replace('swp1', 'swp2'), LISTED.replace(' drop', ' accept')])
    await expect(VERB.seen(saying(wrong))).rejects.toThrow('leafa: it was told to drop frames at swp1, and says');
});

test('its table is ours alone, is there once, and is what repair may delete', async () => {
  const commands: string[] = [];
  await VERB.before((argv, input = '') => Promise.resolve(String(commands.push(`${argv.join(' ')}\n${input}`))));
  expect(commands.join('\n')).toContain(`table netdev ${TABLE}_tried {`);
  expect(commands.join('\n')).toContain('device "lo"');
  expect(commands.join('\n')).not.toContain('swp1');
  await expect(VERB.before(saying(`table netdev ${TABLE}\n`))).rejects.toThrow(
    `leafa: it has the table ${TABLE} already`,
  );
  const { binding } = await loadBinding('topologies/bindings/two-linux-leaves.yaml', DEFAULTS.dataPlanes);
  expect(allowedUndo(binding, 'leafa', VERB.journaled)).not.toBeNull();
  expect(allowedUndo(binding, 'elsewhere', VERB.journaled)).toBeNull();
});
