import { bringUpLeaves, bringUpStack, lacking, mapOffer, offer, sendersOf } from 'everyleaf/extend';
import type { DataPlane, Offer, PlaneTraits } from 'everyleaf/extend';
import { BRIDGE, bringUpBridge, NEAR } from './bridge.js';

const TRAITS: PlaneTraits = {
  kind: 'bridge-legs',
  variant: 'one-active',
  lacp: false,
  spreads: 'no',
  hears: { unicast: 'active', multicast: 'active' },
};

const without = (what: string, output: string): Offer<never> =>
  lacking({ what, command: `ip -d link show ${BRIDGE}`, output });

/** A host whose bridge has one of the legs as its port; the others are standby. VMs tag by themselves. */
export const bridgeLegs: DataPlane = {
  kind: TRAITS.kind,
  description: 'A kernel bridge uses one leg at a time.',
  variants: [TRAITS.variant],
  traits: () => TRAITS,
  hostNic: BRIDGE,
  bond: null,
  needs: ['inject:sender', 'inject:leg'],
  check({ vms }) {
    const text = `the data plane ${TRAITS.kind} pushes no tags`;
    const hint = 'write trunk instead of access: the VM then tags by itself';
    return vms.flatMap(({ attachment }, at) =>
      attachment.type === 'trunk' ? [] : [{ path: ['vms', at, 'access'], text, hint }],
    );
  },
  async bringUp(lab) {
    const { topology } = lab;
    const { node, watch, ...bridge } = await bringUpBridge(lab);
    const leaves = await bringUpLeaves(lab, { lacp: false });
    await bridge.converged(topology.legs.map(({ name }) => name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    const age = (seconds: number) => ({
      node: node.name,
      argv: ['ip', 'link', 'set', BRIDGE, 'type', 'bridge', 'ageing_time', String(seconds * 100)],
    });
    return {
      ...bridge,
      node: node.name,
      traits: TRAITS,
      leaves,
      async watch(onChange) {
        const monitor = await watch(onChange);
        return {
          async [Symbol.asyncDispose]() {
            await monitor.stop('SIGKILL');
          },
        };
      },
      async fdb() {
        const { stdout } = await node.exec(['bridge', 'fdb', 'show', 'br', BRIDGE]);
        const learned = stdout.matchAll(new RegExp(`^(\\S+) dev (\\S+) master ${BRIDGE} *$`, 'gm'));
        return [...learned].map(([, mac = '', port = '']) => ({ node: node.name, port, vlan: 0, mac }));
      },
      // The kernel counts no moves.
      fdbMoves: () => Promise.resolve(null),
      async audit() {
        const active = await bridge.activeLeg();
        const command = `ip link show master ${BRIDGE}`;
        return [{ name: 'the active leg', ok: active !== null, value: active ?? 'none', command }];
      },
      environment: () => ({ OURS_BRIDGE: BRIDGE }),
      shell: { env: {}, tools: {} },
      deliver: mapOffer(lab.adopt(node.name, NEAR, topology.host.mac).inject, (inject) => async (frames) => {
        await inject(frames);
      }),
      ageFdb: offer({ name: 'the bridge forgets MACs soon', steps: [age(15)], undo: [age(300)], maxMs: 600_000 }),
      inputDrops: without('a queue between port and bridge', 'the kernel hands each frame over at once'),
      restart: without('a restart of the switch', 'it is part of the kernel'),
      slowLacp: without('LACP', 'a bridge speaks none'),
    };
  },
};
