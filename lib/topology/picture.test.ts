import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import type { Topology } from './model.js';
import { withVariant, type PlaneRules } from './planeRules.js';
import { DEFAULTS } from '../defaults.js';
import { drawTopology } from './picture.js';

const dual = await defaultTopology('dual-leaf.yaml');
const quad = await defaultTopology('quad-leaf.yaml');

/** dual-leaf with this many leaves. */
function withLeaves(count: number): Topology {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const [leaf, leg] = [dual.leaves[0], dual.legs[0]];
  if (leaf === undefined || leg === undefined) throw new Error('dual-leaf has no leaf');
  return {
    ...dual,
    leaves: numbers.map((n) => ({ ...leaf, name: `leaf-${n}` })),
    legs: numbers.map((n) => ({ ...leg, name: `leg-${n}`, leaf: `leaf-${n}`, hostPort: `up-${n}` })),
  };
}

test('dual-leaf', () => {
  expect(drawTopology(dual)).toBe(
    `
                                      ┌ host ────────────────┐
vm1  VLAN 20      02:00:00:00:01:0a ──┤ vm1                  │                    ┌────────┐
vm2  VLAN 20      02:00:00:00:01:0b ──┤ vm2           ┌ up-a ├── leg-a ── to-host ┤ leaf-a │
vm3  VLAN 20, 30  02:00:00:00:01:0c ──┤ vm3    bond0 ─┤      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │ br0 untagged  └ up-b ├── leg-b ── to-host ┤ leaf-b │
                                      │ 02:00:00:00:01:01    │                    └────────┘
                                      └ balance-tcp, LACP ───┘`.slice(1),
  );
});

test('quad-leaf', () => {
  expect(drawTopology(quad)).toBe(
    `
                                      ┌ host ────────────────┐
vm1  VLAN 20      02:00:00:00:01:0a ──┤ vm1                  │                    ┌────────┐
vm2  VLAN 20      02:00:00:00:01:0b ──┤ vm2           ┌ up-a ├── leg-a ── to-host ┤ leaf-a │
vm3  VLAN 20, 30  02:00:00:00:01:0c ──┤ vm3           │      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │               ├ up-b ├── leg-b ── to-host ┤ leaf-b │
                                      │        bond0 ─┤      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │               ├ up-c ├── leg-c ── to-host ┤ leaf-c │
                                      │               │      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │ br0 untagged  └ up-d ├── leg-d ── to-host ┤ leaf-d │
                                      │ 02:00:00:00:01:01    │                    └────────┘
                                      └ balance-tcp, LACP ───┘`.slice(1),
  );
});

test('three leaves: the bond meets the middle leg', () => {
  expect(drawTopology(withLeaves(3))).toBe(
    `
                                      ┌ host ────────────────┐
vm1  VLAN 20      02:00:00:00:01:0a ──┤ vm1                  │                    ┌────────┐
vm2  VLAN 20      02:00:00:00:01:0b ──┤ vm2           ┌ up-1 ├── leg-1 ── to-host ┤ leaf-1 │
vm3  VLAN 20, 30  02:00:00:00:01:0c ──┤ vm3           │      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │        bond0 ─┼ up-2 ├── leg-2 ── to-host ┤ leaf-2 │
                                      │               │      │                    └────────┘
                                      │               │      │                    ┌────────┐
                                      │ br0 untagged  └ up-3 ├── leg-3 ── to-host ┤ leaf-3 │
                                      │ 02:00:00:00:01:01    │                    └────────┘
                                      └ balance-tcp, LACP ───┘`.slice(1),
  );
});

for (let leaves = 2; leaves <= 8; leaves++) {
  test(`${leaves} leaves: every leg leads from its port to its leaf, and all borders are straight`, () => {
    const topology = withLeaves(leaves);
    const lines = drawTopology(topology).split('\n');
    for (const leg of topology.legs) {
      expect(
        lines.filter((line) => line.includes(` ${leg.hostPort} ├── ${leg.name} ── ${leg.leafPort} ┤ ${leg.leaf} │`)),
      ).toHaveLength(1);
    }
    for (const vm of topology.vms) {
      expect(
        lines.filter((line) => line.startsWith(`${vm.node} `) && line.includes(`${vm.mac} ──┤ ${vm.hostPort} `)),
      ).toHaveLength(1);
    }
    expect(lines.filter((line) => / bond0 ─[┤┼]/.test(line))).toHaveLength(1);
    const right = lines[0]?.indexOf('┐') ?? -1;
    expect(new Set(lines.slice(1, -1).map((line) => /[│├]/.test(line[right] ?? '')))).toEqual(new Set([true]));
    expect(new Set(lines.slice(1, -1).map((line) => /[│┤]/.test(line[38] ?? '')))).toEqual(new Set([true]));
    expect(lines.at(-1)?.indexOf('┘')).toBe(right);
    // The fork is one unbroken line from the first port to the last.
    const fork = lines.flatMap((line) => line.slice(39, right).match(/[┌├│┤┼└](?= {2,}| up)/)?.[0] ?? []);
    expect(fork.join('')).toMatch(/^┌[├│]+([┤┼])[├│]*└$|^┌┤│└$/);
    expect(fork).toHaveLength((leaves - 1) * 3 + 1);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });
}

test('long names and many VMs do not break the borders', () => {
  const base = withVariant(withLeaves(2), DEFAULTS.dataPlanes[0] as PlaneRules, 'active-backup');
  const vm = base.vms[0];
  if (vm === undefined) throw new Error('dual-leaf has no VM');
  const long = {
    ...base,
    host: { ...base.host, node: 'a-long-hostname', plane: { ...base.host.plane, bond: 'b' } },
    vms: Array.from({ length: 9 }, (_, i) => ({ ...vm, node: `virtual-mach-${i}`, hostPort: `virtual-mach-${i}` })),
    legs: base.legs.map((leg, i) => ({
      ...leg,
      name: i === 0 ? 'l' : 'leg-with-a-name',
      leafPort: i === 0 ? 'p' : 'port-of-leaf-15',
      hostPort: i === 0 ? 'u' : 'uplink-number-2',
      leaf: i === 0 ? 'a' : 'leaf-in-rack-42',
    })),
  };
  expect(drawTopology(long)).toBe(
    `
                                             ┌ a-long-hostname ─────────────────────┐
virtual-mach-0  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-0                       │                                      ┌─────────────────┐
virtual-mach-1  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-1     ┌ u               ├── l ────────────────────────────── p ┤ a               │
virtual-mach-2  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-2  b ─┤                 │                                      └─────────────────┘
virtual-mach-3  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-3     │                 │                                      ┌─────────────────┐
virtual-mach-4  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-4     └ uplink-number-2 ├── leg-with-a-name ── port-of-leaf-15 ┤ leaf-in-rack-42 │
virtual-mach-5  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-5                       │                                      └─────────────────┘
virtual-mach-6  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-6                       │
virtual-mach-7  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-7                       │
virtual-mach-8  VLAN 20  02:00:00:00:01:0a ──┤ virtual-mach-8                       │
                                             │                                      │
                                             │ br0 untagged                         │
                                             │ 02:00:00:00:01:01                    │
                                             └ active-backup, no LACP ──────────────┘`.slice(1),
  );
});
