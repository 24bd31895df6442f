import type { Plane } from '../dataplane/plane.js';
import type { PlaneTraits } from '../dataplane/traits.js';
import { DURATIONS } from '../durations.js';
import { readFiles } from '../lab/files.js';
import { patience } from '../lab/patience.js';
import { lacking } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import { until } from '../until.js';
import { bondFacts } from './audit.js';
import { lacpOf, mayCarry, readBond } from './bondState.js';
import { BOND } from './make.js';
import type { BondMode } from './mode.js';

const STATE_FILE = `/proc/net/bonding/${BOND}`;

/** A partner of which nothing is known yet (IEEE 802.1AX 6.4.6). */
const NO_PARTNER = '00:00:00:00:00:00';

/** What a plane whose legs are the ports of a bond of the kernel says of it. */
export type BondControl = Pick<
  Plane,
  'members' | 'watch' | 'converged' | 'activeLeg' | 'audit' | 'restart' | 'slowLacp'
>;

/** @param mode the one that the bond was made with */
export function bondControl(lab: Lab, mode: BondMode, { lacp }: Pick<PlaneTraits, 'lacp'>): BondControl {
  const { host, legs } = lab.topology;
  const node = lab.node(host.node);
  const state = async () => readBond((await readFiles(node, [STATE_FILE]))[0] ?? '');
  return {
    async members() {
      const bond = await state();
      return legs.map(({ name: leg, hostPort }) => {
        const port = bond.ports.find(({ name }) => name === hostPort);
        return {
          leg,
          enabled: port !== undefined && mayCarry(bond, port, lacp),
          lacp: port === undefined || !lacp ? 'off' : lacpOf(port),
          partner: port === undefined || !lacp || port.partnerSystem === NO_PARTNER ? null : port.partnerSystem,
        };
      });
    },
    async watch(onChange) {
      const monitor = await node.spawn(['ip', '-o', 'monitor', 'link'], { onLine: onChange });
      return {
        async [Symbol.asyncDispose]() {
          await monitor.stop('SIGKILL');
        },
      };
    },
    async converged(names, withinMs = patience(node, DURATIONS.lacpNegotiation)) {
      const wanted = legs.filter(({ name }) => names.includes(name)).map(({ hostPort }) => hostPort);
      let seen = 'nothing';
      await until(
        `the bond to use ${wanted.join(' and ')}`,
        withinMs,
        async () => {
          const bond = await state();
          seen = bond.ports
            .map(
              ({ name, isUp, actor, partner }) =>
                `${name} ${isUp ? 'up' : 'down'}${lacp ? ` ${actor}/${partner}` : ''}`,
            )
            .join(', ');
          const used = bond.ports.filter((port) => mayCarry(bond, port, lacp)).map(({ name }) => name);
          return used.length === wanted.length && wanted.every((port) => used.includes(port)) ? true : null;
        },
        () => `states of its ports: ${seen}`,
        DURATIONS.memberLook,
      );
    },
    activeLeg: async () => {
      const { activePort } = await state();
      return legs.find(({ hostPort }) => hostPort === activePort)?.name ?? null;
    },
    audit: async () =>
      bondFacts(
        await state(),
        mode,
        legs.map(({ hostPort }) => hostPort),
        `cat ${STATE_FILE}`,
      ),
    restart: lacking({
      what: 'a switch that can be restarted',
      command: `ip -d link show ${BOND}`,
      output: 'it is part of the kernel, not a program',
    }),
    slowLacp: lacking({
      what: 'another LACP rate of the host',
      command: `ip link set ${BOND} type bond lacp_rate slow`,
      output: lacp ? 'Error: unable to set option because the bond is up.' : 'Error: option not supported in mode.',
    }),
  };
}
