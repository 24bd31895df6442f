import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunSummary } from '../../report/json.js';
import type { MachinesRecord } from '../../run/machinesRecord.js';
import { runProgram } from '../../runProgram.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../../testing/limits.js';
import { installRack } from './testing/installedRack.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
// Whole runs, half a minute each.
test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

/** What a lab could leave on a machine. */
const STATE = `ip -o addr | sed 's/ valid_lft.*//'; nft list ruleset; ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :`;
/** The kernels of the host and of vm1 trust an entry for a second, and not for half a minute. */
const ASK_SOON = `
for n in ipv4 ipv6; do
  echo 1000 >/proc/sys/net/$n/neigh/br0/base_reachable_time_ms
  echo 1 >/proc/sys/net/$n/neigh/br0/delay_first_probe_time
  ip netns exec vm1 sh -c "echo 1000 >/proc/sys/net/$n/neigh/eth0/base_reachable_time_ms; echo 1 >/proc/sys/net/$n/neigh/eth0/delay_first_probe_time"
done`;

const SIX = [
  ...['arp-reply-unicast', 'na-solicited', 'arp-request-broadcast', 'ns-multicast'],
  ...['arp-request-unicast', 'ns-unicast'],
] as const;

/** A rack on whose host nothing can send frames, and whose leaves have spare addresses; and whole runs on it. */
async function openRack(info: TestInfo) {
  const rack = await installRack({ without: ['python3', 'perl', 'socat'] });
  await rack.leaves.machines.server.inside('sh', '-c', ASK_SOON);
  let number = 250;
  const binding = await rack.binding('rack', (text) =>
    text.replaceAll(/gateway: \{ interface: br0,/g, (found) => {
      const spare = `spare: { ipv4: 203.0.113.${number}, ipv6: "2001:db8::${number}" }`;
      number++;
      return `${found} ${spare},`;
    }),
  );
  const state = () =>
    Promise.all(
      Object.values(rack.leaves.machines).map(async (one) => [await one.inside('sh', '-c', STATE), one.processes()]),
    );
  const run = async () => {
    const out = info.outputPath('run');
    const { code, stdout, stderr } = await runProgram(process.execPath, [
      join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
      ...['run', '--json', '--binding', binding, '--out', out, '--controls', 'none'],
      ...['--scenario', 'what kernels ask once more'],
    ]);
    expect(stdout, stderr).not.toBe('');
    const summary = JSON.parse(stdout) as RunSummary;
    const record = JSON.parse(readFileSync(join(out, 'evidence/machines.json'), 'utf8')) as MachinesRecord;
    expect(record, stderr).toMatchObject({ status: 'given back', differs: [], error: null });
    return { code, summary, why: `${summary.reasons.join('\n')}\n${stderr}` };
  };
  return { rack, state, run, [Symbol.asyncDispose]: () => rack[Symbol.asyncDispose]() };
}

test('on a host where nothing can be sent, leaves make its kernels speak; what no replicator copies fails with leaf and kind', async ({}, info) => {
  await using opened = await openRack(info);
  const before = await opened.state();
  const { code, summary, why } = await opened.run();
  expect([summary.verdict, code], why).toEqual(['fail', 1]);
  expect(summary.reasons.join()).toMatch(/leaf-[ab] never saw (\d+) of \1 frames of \d kinds from host/);
  for (const kind of SIX) expect(summary.kinds[kind]?.missing, kind).toBeGreaterThan(0);
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
});

test('on a host where nothing can be sent, six kinds pass with a right replicator, and what was not tried is said', async ({}, info) => {
  await using opened = await openRack(info);
  await opened.rack.replicate(true);
  const before = await opened.state();
  const { code, summary, why } = await opened.run();
  // The trial passes. The run does not: no control can be made where nothing can be sent.
  expect([code, summary.experiments.map(({ verdict }) => verdict)], why).toEqual([3, ['pass']]);
  for (const kind of SIX) expect(summary.kinds[kind]?.delivered, kind).toBeGreaterThan(0);
  const skips = summary.skips.map(({ what }) => what);
  expect(skips).toContain('frames of vm2');
  expect(skips.join()).toContain('ns-dad-nonce');
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
});
