import { bondFacts } from '../../bonding/audit.js';
import { readBond, type BondPort, type BondState } from '../../bonding/bondState.js';
import type { BondMode } from '../../bonding/mode.js';
import { DURATIONS } from '../../durations.js';
import { readFiles } from '../../lab/files.js';
import { patience } from '../../lab/patience.js';
import type { Lab } from '../../testbed/lab.js';
import { sendersOf } from '../../topology/senders.js';
import { until } from '../../until.js';
import type { Exit, Plane } from '../plane.js';

const fileOf = (bond: string) => `/proc/net/bonding/${bond}`;

/** What a plane says whose every sender has a bond of its own. */
export type BondsControl = Pick<Plane, 'members' | 'watch' | 'converged' | 'activeLeg' | 'audit'>;

/**
 * @param mode of all of them
 * @param exits the ports of each one's bond by leg: the host's first
 */
export function bondsControl(lab: Lab, mode: BondMode, exits: readonly Exit[]): BondsControl {
  const { legs } = lab.topology;
  const senders = sendersOf(lab.topology);
  const bondOf = (node: string) => senders.find((sender) => sender.node === node)?.nic ?? '';
  const stateOf = async ({ node }: Exit): Promise<BondState> =>
    readBond((await readFiles(lab.node(node), [fileOf(bondOf(node))]))[0] ?? '');
  const states = () => Promise.all(exits.map(stateOf));
  const portsOf = (bonds: readonly BondState[], leg: string): readonly (BondPort | undefined)[] =>
    bonds.map(({ ports }, index) => ports.find(({ name }) => name === exits[index]?.ports.get(leg)));
  const isUsed = (bonds: readonly BondState[], leg: string) =>
    portsOf(bonds, leg).every((port) => port !== undefined && port.isUp);
  return {
    async members() {
      const bonds = await states();
      return legs.map(({ name: leg }) => ({ leg, enabled: isUsed(bonds, leg), lacp: 'off', partner: null }));
    },
    async watch(onChange) {
      const argv = ['ip', '-o', 'monitor', 'link'];
      const monitors = await Promise.all(
        exits.map(({ node }) => lab.node(node).spawn(argv, { onLine: () => onChange() })),
      );
      return {
        async [Symbol.asyncDispose]() {
          await Promise.all(monitors.map((monitor) => monitor.stop('SIGKILL')));
        },
      };
    },
    async converged(names, withinMs = patience(lab.node(lab.topology.host.node), DURATIONS.vfLink)) {
      let seen = 'nothing';
      await until(
        `all bonds to use ${names.join(' and ')}`,
        withinMs,
        async () => {
          const bonds = await states();
          const upOn = (leg: string) => portsOf(bonds, leg).map((port) => port?.isUp === true);
          seen = legs
            .map(({ name }) => `${name} ${upOn(name).filter((isUp) => isUp).length}/${bonds.length}`)
            .join(', ');
          // A leg is out of use when no bond uses it.
          return legs.every(({ name }) => upOn(name).every((isUp) => isUp === names.includes(name))) &&
            (mode.mode !== 'active-backup' || names.length === 0 || activeLegOf(bonds) !== null)
            ? true
            : null;
        },
        () => `bonds with that leg: ${seen}`,
        DURATIONS.memberLook,
      );
    },
    activeLeg: async () => activeLegOf(await states()),
    async audit() {
      const bonds = await states();
      return bonds.flatMap((bond, index) => {
        const { node = '', ports = new Map<string, string>() } = exits[index] ?? {};
        const facts = bondFacts(bond, mode, [...ports.values()], `cat ${fileOf(bondOf(node))}`);
        return facts.map((fact) => ({ ...fact, name: `${fact.name} of ${node}` }));
      });
    },
  };

  /** The leg that is active in every bond; null where they do not agree, or have none. */
  function activeLegOf(bonds: readonly BondState[]): string | null {
    const active = bonds.map(
      ({ activePort }, index) => legs.find(({ name }) => exits[index]?.ports.get(name) === activePort)?.name ?? null,
    );
    const [first = null] = active;
    return active.every((leg) => leg === first) ? first : null;
  }
}
