import { isIPv4 } from 'node:net';
import type { BoundTopology } from '../../binding/load.js';
import { inFolder } from '../../binding/secrets.js';
import { UserError } from '../../userError.js';

/** A machine of a binding, as it can stand on this one. */
export interface PlannedMachine {
  readonly name: string;
  readonly user: string;
  readonly port: number;
  readonly sudo: boolean;
  /** Its address, and ours in the same /30. */
  readonly far: string;
  readonly near: string;
}

export interface PortOfMachine {
  readonly machine: string;
  readonly port: string;
}

/** What must be brought up so that a binding is true here. */
export interface LocalPlan {
  readonly machines: readonly PlannedMachine[];
  /** Each leg: its port on the host, and on the leaf. */
  readonly cables: readonly (readonly [PortOfMachine, PortOfMachine])[];
  readonly identityFile: string;
  readonly knownHostsFile: string;
}

/** RFC 5737: nobody is reached by them, so nobody is cut off while they lead to namespaces. */
const DOCUMENTATION = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.(\d+)$/;
const EXAMPLE = 'topologies/bindings/two-linux-leaves-local.yaml can be';

/**
 * Lays out the machines of a binding as namespaces of this machine.
 *
 * @param file for errors
 * @throws UserError when the binding says something that namespaces here cannot be.
 */
export function planMachines({ binding, topology, folder }: BoundTopology, file: string): LocalPlan {
  const refuse = (why: string): UserError =>
    new UserError(`${file} cannot be brought up on this machine: ${why}`, EXAMPLE);
  const { keys = {}, machines, host, leaves } = binding;
  if (binding.switches !== 'built') throw refuse('its switches are installed, and only bare machines can be made');
  if (keys.identity === undefined || keys.knownHosts === undefined)
    throw refuse('it does not say where the key and the known hosts are to be put (keys: identity, knownHosts)');
  const identityFile = inFolder(keys.identity.file, folder);
  const knownHostsFile = inFolder(keys.knownHosts, folder);
  const taken = new Map<string, string>();
  const planned = Object.entries(machines).map(([name, { ssh, user = 'root', port = 22, sudo = false, via = [] }]) => {
    const [, network = '', last = ''] = (isIPv4(ssh) ? DOCUMENTATION.exec(ssh) : null) ?? [];
    if (network === '') throw refuse(`the address of ${name}, ${ssh}, is not one for documentation (RFC 5737)`);
    if (via.length > 0) throw refuse(`${name} is behind another machine`);
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(user)) throw refuse(`"${user}", who logs in to ${name}, is no name of a user`);
    const number = Number(last);
    const place = number % 4;
    if (place !== 1 && place !== 2)
      throw refuse(
        `${ssh} of ${name} is not one of the two addresses of a link (a /30): ${network}.1 and .2, .5 and .6, …`,
      );
    const link = `${network}.${number - place}`;
    const other = taken.get(link);
    if (other !== undefined) throw refuse(`${name} and ${other} are in one network, ${link}/30; each needs its own`);
    taken.set(link, name);
    return { name, user, port, sudo, far: ssh, near: `${network}.${number - place + (3 - place)}` };
  });
  const cables = topology.legs.map((leg) => {
    const leaf = leaves[leg.leaf];
    return [
      { machine: host.machine, port: host.ports[leg.hostPort] ?? '' },
      { machine: leaf?.machine ?? '', port: leaf?.ports[leg.leafPort] ?? '' },
    ] as const;
  });
  const ends = new Set<string>();
  for (const { machine, port } of cables.flat()) {
    const end = `${machine} ${port}`;
    if (ends.has(end)) throw refuse(`two legs have the port ${end}`);
    if (port === 'mgmt') throw refuse(`${end} is the way to that machine here`);
    if (!/^[^\s/:]{1,15}$/.test(port)) throw refuse(`Linux takes no port of the name ${port}`);
    ends.add(end);
  }
  return { machines: planned, cables, identityFile, knownHostsFile };
}
