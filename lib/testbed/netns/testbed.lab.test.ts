import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { ovsBond } from '../../dataplane/ovs/bond.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { parseTopology } from '../../topology/parse.js';
import { openNetnsTestbed } from './testbed.js';

const file = join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml');
const topology = parseTopology(readFileSync(file, 'utf8'), file);

test('a lab comes up with LACP negotiated on every leg, and goes', async () => {
  await using testbed = await openNetnsTestbed();
  for (let i = 0; i < 4; i++) {
    const t0 = performance.now();
    const lab = await testbed.open(topology);
    const t1 = performance.now();
    const host = await ovsBond('balance-tcp').raise(lab);
    const t2 = performance.now();
    console.log((await host.audit()).map((f) => `${f.name}=${f.value} ${f.ok}`).join('; '));
    console.log(await host.ovs.appctl(['bond/show']), await host.ovs.appctl(['lacp/show']));
    const t3 = performance.now();
    await lab[Symbol.asyncDispose]();
    console.log('wire', t1 - t0, 'raise', t2 - t1, 'down', performance.now() - t3);
  }
  expect(1).toBe(1);
});
