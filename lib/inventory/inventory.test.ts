import { expect, test } from '@playwright/test';
import { inventoryCommands, readInventory, reasonsInInventory, takeInventory, type Said } from './inventory.js';

const SAID: Said = {
  machine: 'server',
  command: 'ethtool -i eth0',
  code: 0,
  stdout: 'driver: x\nfirmware: 1\n',
  stderr: '',
};

test('commands are kept to the letter, with all that they said', async () => {
  const asked: string[] = [];
  const said = await takeInventory('server', inventoryCommands(['eth0', 'a b']), async (argv) => {
    asked.push(argv.join(' '));
    return Promise.resolve({ code: 1, stdout: ' out \n', stderr: 'no such device' });
  });
  expect(asked).toContain('cat /proc/sys/kernel/tainted');
  expect(said.at(-1)).toEqual({
    ...{ machine: 'server', command: "ethtool -i 'a b'", code: 1, stdout: ' out \n', stderr: 'no such device' },
  });
  expect(readInventory(JSON.stringify({ parts: [{ before: said, after: said }] })).parts).toHaveLength(1);
  for (const wrong of [null, {}, { parts: [{ before: said }] }, { parts: [], more: 1 }])
    expect(() => readInventory(JSON.stringify(wrong))).toThrow('inventory.json is no inventory that a run writes');
});

test('whatever is said otherwise after a run is a reason, and so is what was not asked', () => {
  const reasons = (after: readonly Said[] | null, before: readonly Said[] = [SAID]) =>
    reasonsInInventory({ parts: [{ before: [...before], after: after === null ? null : [...after] }] });
  const other = (change: Partial<Said>) => reasons([{ ...SAID, ...change }])[0];
  expect(reasons([SAID])).toEqual([]);
  expect(other({ stdout: 'driver: x\nfirmware: 2\n' })).toBe(
    'a machine is not what it was before the run: server: ethtool -i eth0: it said "firmware: 1", says "firmware: 2"',
  );
  expect(other({ code: 1 })).toContain('it ended with 0, ends with 1');
  // A blank counts, too.
  expect(other({ stdout: `${SAID.stdout} ` })).toContain('says " "');
  expect(other({ stderr: 'x' })).toContain('says "x"');
  expect(other({ machine: 'leaf' })).toContain('it was not asked again');
  expect(reasons([SAID, { ...SAID, command: 'uname -a' }])[0]).toContain('uname -a: it was not asked before');
  expect(reasons(null)).toEqual(['what its machines are was not asked again after it']);
  for (const none of [null, { parts: [] }, { parts: [{ before: [], after: [] }] }])
    expect(reasonsInInventory(none)).toEqual(['what its machines are was not asked before it and after it']);
});
