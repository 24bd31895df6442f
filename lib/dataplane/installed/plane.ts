import { lacking } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { until } from '../../until.js';
import type { DataPlane, LeafControl, Plane } from '../plane.js';
import { legFact } from './legs.js';
import { INSTALLED, installedTraits, VARIANTS } from './traits.js';

/** The interface of the host's own stack where neither binding nor topology names one. */
const HOST_NIC = 'bond0';

const ASKED = 'everyleaf run --binding FILE';

/** Nothing is known of how these switches are made. Only carriers of legs are taken, where the binding allows it. */
const untouched = (what: string) =>
  lacking({ what, command: ASKED, output: 'host and leaves are installed: everyleaf changes nothing of them' });

function leafOf(node: string): LeafControl {
  return {
    node,
    fdb: () => Promise.resolve([]),
    fdbMoves: () => Promise.resolve(null),
    ageFdb: untouched(`a MAC table of ${node} that forgets soon`),
    inputDrops: untouched(`counters of what the switch of ${node} lost`),
    shell: { env: {}, tools: {} },
    splitSystemId: untouched(`another LACP system id on ${node}`),
    reboot: untouched(`a restart of ${node}`),
    slowLacp: untouched(`slow LACP on ${node}`),
  };
}

function planeOf(lab: Lab): Plane {
  const { topology } = lab;
  const { host, legs } = topology;
  const node = lab.node(host.node);
  const carrierOf = async (port: string): Promise<boolean> =>
    / state UP /.test((await node.exec(['ip', '-o', 'link', 'show', 'dev', port])).stdout);
  const members: Plane['members'] = () =>
    Promise.all(
      legs.map(async ({ name, hostPort }) => ({
        leg: name,
        enabled: await carrierOf(hostPort),
        lacp: 'off',
        partner: null,
      })),
    );
  return {
    node: host.node,
    traits: installedTraits(),
    leaves: new Map(topology.leaves.map(({ name }) => [name, leafOf(name)])),
    members,
    watch: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    async converged(wanted, withinMs = lab.timing.linkUp) {
      await until(`exactly ${wanted.join(', ')} to have a carrier`, withinMs, async () => {
        const up = (await members()).flatMap(({ leg, enabled }) => (enabled ? [leg] : []));
        return [...up].sort().join() === [...wanted].sort().join() ? true : null;
      });
    },
    activeLeg: () => Promise.resolve(null),
    audit: () => Promise.all(legs.map(({ hostPort }) => legFact(node, hostPort))),
    environment: () => ({}),
    deliver: untouched('frames that are handed to the own stack of the host, as if a leaf had sent them'),
    restart: untouched('a restart of the switch of the host'),
    slowLacp: untouched('slow LACP on the host'),
    fdb: () => Promise.resolve([]),
    fdbMoves: () => Promise.resolve(null),
    ageFdb: untouched('a MAC table of the host that forgets soon'),
    inputDrops: untouched('counters of what the switch of the host lost'),
    shell: { env: {}, tools: {} },
  };
}

/** A host and leaves as somebody installed them: nothing is brought up, and nothing is changed. */
export const installed: DataPlane = {
  kind: INSTALLED,
  description:
    'Host and leaves are what they are on the machines of a binding; only carriers are taken, where it allows that.',
  variants: VARIANTS,
  hostNic: HOST_NIC,
  bond: null,
  check: () => [],
  needs: ['inject:leg', 'tap:leaf'],
  isAsFound: true,
  traits: installedTraits,
  bringUp: (lab) => Promise.resolve(planeOf(lab)),
};
