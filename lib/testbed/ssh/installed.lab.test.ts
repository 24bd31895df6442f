import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { readEvidence } from '../../evidence/read.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunSummary } from '../../report/json.js';
import type { MachinesRecord } from '../../run/machinesRecord.js';
import { runProgram } from '../../runProgram.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../../testing/limits.js';
import { installRack, VERSION } from './testing/installedRack.js';
import { isDrawn, NOT_DRAWN } from '../../testing/samples.js';
import { RUNS_OVER_SSH } from './testing/runsOverSsh.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

/** What the test compares of a machine: links, addresses, rules, namespaces, folders and processes. */
const STATE = `ip -o link | sed 's/ qdisc.*//'; ip -o addr; bridge link; nft list ruleset; ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :`;

/** Whole runs on a rack that somebody installed, and how its machines are. */
async function openRack(info: TestInfo, edit?: (text: string) => string) {
  const rack = await installRack();
  const binding = await rack.binding('rack', edit);
  const state = () =>
    Promise.all(
      Object.values(rack.leaves.machines).map(async (one) => [await one.inside('sh', '-c', STATE), one.processes()]),
    );
  const run = async (name: string, args: readonly string[] = [], scenario = 'every ARP form') => {
    const out = info.outputPath(name);
    const { code, stdout, stderr } = await runProgram(process.execPath, [
      join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
      ...['run', '--json', '--binding', binding, '--out', out, '--scenario', scenario, ...args],
    ]);
    expect(stdout, stderr).not.toBe('');
    const summary = JSON.parse(stdout) as RunSummary;
    const record = JSON.parse(readFileSync(join(out, 'evidence/machines.json'), 'utf8')) as MachinesRecord;
    expect(record, stderr).toMatchObject({ status: 'given back', differs: [], error: null });
    return { code, out, summary, why: `${summary.reasons.join('\n')}\n${stderr}` };
  };
  return { rack, state, run, [Symbol.asyncDispose]: () => rack[Symbol.asyncDispose]() };
}

test('on machines that are installed nothing is changed, and what no replicator copies fails with leaf and kind', async ({}, info) => {
  test.skip(!isDrawn(0, RUNS_OVER_SSH, 1), NOT_DRAWN);
  await using opened = await openRack(info);
  const before = await opened.state();
  const { code, summary, why } = await opened.run('none', ['--controls', 'none']);
  expect([summary.verdict, code], why).toEqual(['fail', 1]);
  expect(summary.reasons.join()).toMatch(/leaf-[ab] never saw \d+ of \d+ [a-z ]*(ARP|frames)/);
  expect(summary.kinds['arp-reply-unicast']?.missing).toBeGreaterThan(0);
  // A wrapper's last sleep may still run.
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
});

test('on machines that are installed a right replicator passes, and detours are caught', async ({}, info) => {
  test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
  await using opened = await openRack(info);
  await opened.rack.replicate(true);
  const before = await opened.state();
  const { code, out, summary, why } = await opened.run('right');
  expect([summary.verdict, code], why).toEqual(['pass', 0]);
  const fates = summary.experiments.map(({ tamper, verdict }) => `${tamper ?? 'qualified'}: ${verdict}`);
  expect(fates.sort()).toEqual(['bypass-to-one-leg: fail', 'qualified: pass', 'send-again-on-one-leg: fail']);
  expect(summary.skips.map(({ what }) => what)).toContain('frames of vm2');
  const [evidence] = readdirSync(join(out, 'evidence')).filter((name) => name.endsWith('--group-and-flows'));
  const { audit } = readEvidence(join(out, 'evidence', evidence ?? '')).manifest;
  expect(audit.find(({ name }) => name === 'version of the replicator')?.value).toBe(VERSION);
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
});

test('on machines that are installed carriers are taken where the binding allows it, and a right replicator passes', async ({}, info) => {
  test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
  await using opened = await openRack(info, (text) =>
    text.replaceAll(/(vantage: .*\n)/g, '$1    faults: { unplug: { by: self } }\n'),
  );
  const before = await opened.state();
  const without = await opened.run('none', ['--controls', 'none'], 'with one leg out');
  expect([without.summary.verdict, without.code], without.why).toEqual(['fail', 1]);
  expect(without.summary.reasons.join()).toMatch(/leaf-[ab] never saw \d+ of \d+ /);
  await opened.rack.replicate(true);
  const { code, summary, why } = await opened.run('right', ['--controls', 'none'], 'with one leg out');
  const qualified = summary.experiments.map(({ verdict }) => verdict);
  expect([qualified, code], why).toEqual([['pass'], 3]);
  // Nothing may be made on the host, by which frames for a leg without carrier would be seen.
  expect(summary.skips.map(({ what }) => what)).toContain('what is handed to a dead leg');
  await opened.rack.replicate(false);
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
});

/** Flows that are gone and come back, as those of a daemon. $1: kill, start, or show. */
const OURS = `
export OVS_RUNDIR=/run/ovs
flows() { ovs-ofctl -O OpenFlow13 --no-names --no-stats "$@"; }
case $1 in
  keep) flows dump-flows br0 cookie=0x77/-1 | grep cookie= >/run/ours.flows ;;
  kill) touch /run/ours.dead; flows del-flows br0 cookie=0x77/-1 ;;
  start) flows add-flows br0 /run/ours.flows; rm -f /run/ours.dead ;;
  show) [ -e /run/ours.dead ] && echo dead || echo runs ;;
esac
`.trim();

test('on machines that are installed the replicator is killed as the binding says, and is started again', async ({}, info) => {
  test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
  const word = (verb: string) => `[sh, /run/ours, ${verb}]`;
  const killing = `killing: { kill: ${word('kill')}, start: ${word('start')}, show: ${word('show')}, deadSays: dead }`;
  await using opened = await openRack(info, (text) =>
    text.replace('profile: ovs-group', `profile: ovs-group, ${killing}`),
  );
  const { server } = opened.rack.leaves.machines;
  await opened.rack.replicate(true);
  await server.inside('sh', '-c', 'printf %s "$1" >/run/ours; sh /run/ours keep', 'sh', OURS);
  const before = await opened.state();
  const scenario = 'after the replicator have died';
  const { code, out, summary, why } = await opened.run('killed', ['--controls', 'none'], scenario);
  const qualified = summary.experiments.map(({ verdict }) => verdict);
  expect([qualified, code], why).toEqual([['pass'], 3]);
  const [evidence] = readdirSync(join(out, 'evidence')).filter((name) => name.endsWith('--group-and-flows'));
  const { timeline } = readEvidence(join(out, 'evidence', evidence ?? '')).manifest;
  const states = timeline.flatMap((event) => (event.type === 'daemon' ? [`${event.what} ${event.state}`] : []));
  expect(states).toEqual(['replicator down', 'replicator up']);
  await expect.poll(opened.state, { timeout: HANGS_MS }).toEqual(before);
  // One that comes back without its flows: what it does not copy afterwards is its failure.
  await server.inside('sh', '-c', ': >/run/ours.flows');
  const bad = await opened.run('lost', ['--controls', 'none'], scenario);
  expect([bad.summary.verdict, bad.code], bad.why).toEqual(['fail', 1]);
  expect(bad.summary.reasons.join()).toMatch(/leaf-[ab] never saw \d+ of \d+ /);
});
