import type { Binding } from '../../../binding/schema.js';
import { cutBetween } from '../../../lab/carrier.js';
import type { UnplugWay } from '../../../repair/unplugWay.js';
import { SshError } from '../../../ssh/error.js';
import type { Leg, Topology } from '../../../topology/model.js';
import { lacking, offer } from '../../capability.js';
import type { Change } from '../../change.js';
import type { Link } from '../../port.js';
import { cutElsewhere } from '../cutElsewhere.js';
import type { FarMachine } from '../machine.js';
import type { LabRecords } from '../records.js';
import { FAR_TIMING } from '../timing.js';
import type { Machines } from './bind.js';
import { droppingRules } from './drops.js';

/** IFF_UP is the lowest bit of the flags (include/uapi/linux/if.h). Whether there is a carrier is another question. */
const SHOW = 'read -r f <"/sys/class/net/$1/flags" && if [ $((f & 1)) = 1 ]; then echo open; else echo shut; fi';

/** How a Linux machine shuts a port of its own. */
export function portWay(machine: string, port: string): UnplugWay {
  const set = (state: string) => ['ip', 'link', 'set', 'dev', port, state];
  return {
    ...{ machine, port, shut: set('down'), open: set('up') },
    show: ['sh', '-c', SHOW, 'everyleaf', port],
    shutSays: 'shut',
  };
}

/** Throws SshError for a port that would not be as it was: a kernel forgets IPv6 addresses and routes of a port that is shut. */
export async function requireNoAddresses(machine: FarMachine, port: string): Promise<void> {
  const argv = ['ip', '-o', 'addr', 'show', 'dev', port, 'scope', 'global'];
  const { code, stdout, stderr } = await machine.run({ argv }, FAR_TIMING.command);
  if (code !== 0) throw new SshError(machine.name, `the addresses of ${port} cannot be read: ${stderr.trim()}`);
  const [, address] = / inet6? (\S+)/.exec(stdout) ?? [];
  if (address !== undefined)
    throw new SshError(
      machine.name,
      `${port} has the address ${address}: it is not shut, because the machine would lose routes and addresses by that`,
      'have another machine take the carrier away: faults.unplug of the binding, by a machine between the ends',
    );
}

/**
 * The link of a leg on machines that are what they are: an end is shut by its own machine, under a guard and a journal of
 * its own, and both ends witness it. Any other link has no faults.
 */
export function installedLink(
  link: Link,
  topology: Topology,
  { host, leaves }: Binding,
  machines: Machines,
  records: LabRecords,
): Link {
  const leg = topology.legs.find(({ name }) => name === link.name);
  const names = leg === undefined ? {} : { a: host.machine, b: leaves[leg.leaf]?.machine };
  const machineOf = (end: 'a' | 'b') => machines.get(names[end] ?? '');
  const [a, b] = [machineOf('a'), machineOf('b')];
  if (a === undefined || b === undefined) {
    const lack = lacking({
      what: `a carrier to take from ${link.name}`,
      command: `ip link set dev ${link.b.name} down`,
      output: 'host and leaves are installed: only carriers of legs are taken away, whose ends are known',
    });
    return { ...link, cut: lack, shut: lack };
  }
  const shut = (end: 'a' | 'b', what: string): Change => {
    const [machine, { name: port }] = end === 'a' ? [a, link.a] : [b, link.b];
    const change = `${link.name}: ${what}`;
    const way = cutElsewhere(machine.connection, portWay(machine.name, port), change, records);
    const cut = async () => {
      await requireNoAddresses(machine, port);
      await way.cut();
    };
    return cutBetween(change, link, { cut, mend: (seen) => way.mend(seen) });
  };
  return {
    ...link,
    drops: droppingRules(link, topology.legs.indexOf(leg as Leg), { host: a, leaf: b }, records),
    cut: offer(() => shut('b', 'the cable is out')),
    shut: offer((end) => shut(end, `${link[end].name} is shut`)),
  };
}
