import { test as base } from '@playwright/test';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { asOvsPlane } from '../../ovs/testing/asOvsPlane.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../../testing/defaultLab.js';
import type { Lab } from '../../testbed/lab.js';
import type { Testbed } from '../../testbed/testbed.js';

/** A fresh lab of `topologies/dual-leaf.yaml` with its switches up; one agent per worker. */
export const labTest = base.extend<{ raised: { readonly lab: Lab; readonly plane: OvsPlane } }, { testbed: Testbed }>({
  testbed: [
    async ({}, use) => {
      await using testbed = await openDefaultTestbed();
      await use(testbed);
    },
    { scope: 'worker' },
  ],
  raised: async ({ testbed }, use) => {
    await using lab = await testbed.open({
      topology: await defaultTopology(),
    });
    await use({ lab, plane: asOvsPlane(await bringUpDefault(lab)) });
  },
});

/** Command lines of every process of the lab's agent. */
export async function processes(lab: Lab): Promise<string> {
  const { stdout } = await lab
    .node(lab.topology.host.node)
    .exec(['sh', '-c', 'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " < "$f"; echo; done 2>/dev/null']);
  return stdout;
}
