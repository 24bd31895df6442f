import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { BridgePort } from '../../replicator/ovs/ports.js';
import { ovsRecipe } from '../../replicator/ovs/recipe.js';
import { runProgram } from '../../runProgram.js';
import { message } from './message.js';
import { addFlow, deleteFlows, putGroup } from './modify.js';

const port = (name: string, ofport: number, more: Partial<BridgePort> = {}): BridgePort => ({
  ...{ name, ofport, uplink: false, local: false, tag: null, trunks: [], mac: null },
  ...more,
});

const { group, flows } = ovsRecipe([
  port('up-a', 1, { uplink: true }),
  port('up-b', 2, { uplink: true }),
  port('br0', 65534, { local: true, mac: '02:00:00:00:00:01' }),
  port('vm1', 3, { tag: 20, mac: '02:00:00:00:01:0a' }),
  port('vm2', 4, { tag: 20 }),
  port('vm3', 5, { trunks: [20, 30], mac: '02:00:00:00:01:0c' }),
]);

/** What Open vSwitch's own tool prints of messages, without their numbers. */
async function printed(command: string, bytes: string | Uint8Array): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-openflow-'));
  try {
    writeFileSync(join(folder, 'messages'), bytes);
    const { code, stdout, stderr } = await runProgram('ovs-ofctl', [
      ...['-vsyslog:off', '-O', 'OpenFlow14', command, join(folder, 'messages')],
    ]);
    expect(code, stderr).toBe(0);
    return stdout
      .split('\n')
      .filter((line) => line !== '' && !/^(usable|chosen)/.test(line))
      .map((line) => line.replace(/ \(xid=\w+\)/, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('each flow of the recipe is to Open vSwitch what its own tool makes of the same text', async () => {
  const ours = Buffer.concat(flows.map(addFlow).map(({ type, body }) => message(type, 0, body)));
  const lines = await printed('ofp-parse', ours);
  expect(lines).toHaveLength(flows.length);
  expect(lines).toEqual(await printed('parse-flows', `${flows.join('\n')}\n`));
});

test('a group, a flow that drops, and the end of all flows', async () => {
  const changes = [putGroup(group), deleteFlows, addFlow('table=3,priority=7,arp,actions=drop')];
  const bytes = Buffer.concat(changes.map(({ type, body }) => message(type, 0, body)));
  expect(await printed('ofp-parse', bytes)).toEqual([
    'OFPT_GROUP_MOD (OF1.4):',
    ` ADD_OR_MOD ${group}`,
    'OFPT_FLOW_MOD (OF1.4): DEL table:255 priority=0 actions=drop',
    'OFPT_FLOW_MOD (OF1.4): ADD table:3 priority=7,arp actions=drop',
  ]);
});

for (const [what, make] of [
  ['a match that is not known', () => addFlow('table=0,udp,actions=drop')],
  ['a timeout', () => addFlow('table=0,arp,idle_timeout=5,actions=drop')],
  ['bits of a tag that are not its VLAN', () => addFlow('vlan_tci=0xe000/0xe000,actions=drop')],
  ['a port without a number', () => addFlow('in_port=vm1,actions=drop')],
  ['half a MAC', () => addFlow('dl_dst=02:00:00,actions=drop')],
  ['an action that is not known', () => addFlow('arp,actions=dec_ttl')],
  ['another field', () => addFlow('arp,actions=set_field:1->vlan_pcp')],
  ['a port to resubmit to', () => addFlow('arp,actions=resubmit(1,2)')],
  ['no actions', () => addFlow('table=0,arp')],
  ['a group of another type', () => putGroup('group_id=1,type=select,bucket=actions=output:1')],
] as const)
  test(`${what} is refused here, and no broader flow made of it`, () => {
    expect(make).toThrow(RangeError);
  });
