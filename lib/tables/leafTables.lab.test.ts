import { expect } from '@playwright/test';
import { gatewayPort } from '../topology/labNames.js';
import { labTest as test } from '../replicator/testing/labTest.js';
import { until } from '../until.js';
import { ageLeafTables } from './leafTables.js';
import { HANGS_MS } from '../testing/limits.js';

test('an entry is known as the kernel has it: learned, asked for again when its age is over, and gone when nobody answers', async ({
  raised: { lab },
}) => {
  const tables = await ageLeafTables(lab);
  const [vm] = lab.topology.vms;
  const address = vm?.addresses[0];
  if (vm === undefined || address === undefined) throw new Error('no VM with an address');
  const { ipv4: ip } = address;
  const port = gatewayPort(address.network);
  const leaves = lab.topology.leaves.map((leaf) => leaf.name);
  for (const leaf of leaves) {
    let said = '';
    // A slow machine may come when the entry is gone already.
    await until(
      `${leaf} to have the entry`,
      HANGS_MS,
      async () => {
        said = (await lab.node(leaf).exec(['ip', 'neigh', 'show', ip])).stdout;
        if (said.includes(`${ip} dev ${port} lladdr ${vm.mac} `)) return true;
        await tables.learn([leaf]);
        return null;
      },
      () => said,
    );
    expect(tables.state(leaf, ip)).toMatchObject({ leaf, ip, port });
  }
  // Nobody replicates: the answers of vm1 go to one leaf only.
  const lost = await until('one leaf to lose its entry', HANGS_MS, () =>
    Promise.resolve(leaves.find((leaf) => tables.state(leaf, ip)?.state === 'FAILED') ?? null),
  );
  const kept = leaves.find((leaf) => leaf !== lost) ?? '';
  // It hears the answers to the other leaf's probes, too; when that has stopped asking, it asks for itself.
  const asked: string[] = [];
  tables.on((event) => {
    if (event.leaf === kept && event.ip === ip) asked.push(event.state);
  });
  await until(
    `${kept} to ask and to be answered`,
    HANGS_MS,
    () => Promise.resolve(/STALE.*PROBE.*REACHABLE/.test(asked.join(' ')) ? true : null),
    () => asked.join(' '),
  );
  const { stdout } = await lab.node(lost).exec(['ip', 'neigh', 'show', ip]);
  expect(stdout).not.toContain('lladdr');
  const { events, watched } = await tables.stop();
  const statesOn = (leaf: string) =>
    events.filter((event) => event.leaf === leaf && event.ip === ip).map((event) => event.state);
  expect(statesOn(lost).join(' ')).toMatch(/REACHABLE.*STALE.*PROBE.*FAILED/);
  expect(statesOn(kept)).not.toContain('FAILED');
  expect(watched).toContainEqual({ leaf: lost, sender: vm.node, ip, mac: vm.mac });
});
