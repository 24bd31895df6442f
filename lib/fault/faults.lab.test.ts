import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { ovsGroup } from '../replicator/ovsGroup.js';
import { installRestartable } from '../replicator/restartable.js';
import type { Applied } from '../testbed/change.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';
import { controlFrame } from '../wire/control.js';
import type { FaultSite } from './fault.js';
import { lackingRules } from './wireRules.js';
import { noSink } from '../capture/fileSink.js';
import { need } from '../testbed/capability.js';

const SALT = 0x5a17;
/** A frame that comes is there within 1 ms. */
const COMES_MS = 3_000;
const MACS = { source: '02:00:00:00:00:c0', destination: '01:80:c2:00:00:0f' };

/**
 * Whether a control frame comes through a leg with this fault. A fence behind the repair closes the capture: what is
 * lost need not be waited for.
 */
async function crosses(
  { lab, leg }: FaultSite,
  direction: 'to-leaf' | 'to-host',
  id: number,
  begin: () => Promise<unknown>,
  repair: () => Promise<unknown>,
): Promise<boolean> {
  const { a: host, b: leaf } = lab.link(leg.name);
  const [from, to] = direction === 'to-leaf' ? [host, leaf] : [leaf, host];
  // A capture cannot begin on a port that is down.
  const capture = await need(to.tap).open({ direction: 'in', salt: SALT, sink: noSink });
  await begin();
  await need(from.inject)([controlFrame({ ...MACS, salt: SALT, id })]);
  await repair();
  await need(from.inject)([controlFrame({ ...MACS, salt: SALT, id: id + 1 })]);
  expect(await capture.seen(id + 1, COMES_MS), `${direction}: the leg carries frames after the repair`).toBe(true);
  const came = await capture.seen(id, 0);
  await capture.stop();
  return came;
}

/** What each verb lets through while it lasts. */
const LETS_THROUGH: Readonly<Record<string, { readonly 'to-leaf': boolean; readonly 'to-host': boolean }>> = {
  unplug: { 'to-leaf': false, 'to-host': false },
  adminDown: { 'to-leaf': false, 'to-host': false },
  silenceLacp: { 'to-leaf': true, 'to-host': true },
  mute: { 'to-leaf': false, 'to-host': true },
  deafen: { 'to-leaf': true, 'to-host': false },
  lose: { 'to-leaf': false, 'to-host': false },
  flap: { 'to-leaf': false, 'to-host': false },
  restartSwitch: { 'to-leaf': true, 'to-host': true },
  killReplicator: { 'to-leaf': true, 'to-host': true },
  rebootLeaf: { 'to-leaf': false, 'to-host': false },
  splitSystemId: { 'to-leaf': true, 'to-host': true },
};

test('each fault does to a wire what it says, and its repair, made twice, leaves the leg whole', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  const plane = await bringUpDefault(lab);
  await using replicator = await installRestartable(ovsGroup, { lab, plane });
  const [leg] = lab.topology.legs;
  if (leg === undefined) throw new Error('no leg');
  const site: FaultSite = { lab, plane, leg, replicator };
  let id = 1;
  for (const fault of DEFAULTS.faults) {
    // All frames are lost, so that the answer does not depend on chance.
    const planned = await fault.plan(site, { ...fault.defaults, share: 1 });
    if (!planned.ok) {
      expect(['the fault delay', 'a controller'], 'every other fault is made by what the default run needs').toContain(
        planned.lack.what,
      );
      continue;
    }
    const change = planned.use;
    for (const direction of ['to-leaf', 'to-host'] as const) {
      let applied: Applied | null = null;
      const came = await crosses(
        site,
        direction,
        (id += 2),
        async () => {
          applied = await lab.apply(change);
          expect(BigInt(applied.edge.toNs)).toBeGreaterThanOrEqual(BigInt(applied.edge.fromNs));
        },
        async () => {
          await applied?.undo();
          // Once more, as where the fault had begun only in part, or never.
          await lab.apply({ ...change, steps: change.undo, undo: [] });
        },
      );
      expect(came, `${fault.name} lets frames ${direction}`).toBe(LETS_THROUGH[fault.name]?.[direction]);
    }
  }
  expect(await lackingRules('mute', site, 'no statement of nft')).toMatchObject({
    what: 'the fault mute',
    output: expect.stringContaining('rror'),
  });
  expect((await lab.node(lab.topology.host.node).exec(['nft', 'list', 'tables'])).stdout).not.toContain('tried');
  await plane.converged(lab.topology.legs.map((one) => one.name));
});
