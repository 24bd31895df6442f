import { lacking, offer, type Offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS, type Change } from '../../testbed/change.js';
import { BRIDGE, type BridgePort } from '../bridge.js';
import type { OvsSwitch } from '../switch.js';

/** One of the ports that the bridge was made with is not there; undone, it is there as it was made. */
export function withoutPort(ovs: OvsSwitch, ports: readonly BridgePort[], name: string): Offer<Change> {
  const port = ports.find((one) => one.name === name);
  if (port === undefined)
    return lacking({
      what: `a port ${name} of its own`,
      command: `ovs-vsctl list-ports ${BRIDGE}`,
      output: ports.length === 0 ? 'it has none' : `there are ${ports.map((one) => one.name).join(', ')}`,
    });
  const remove = () => ovs.vsctl(['--if-exists', 'del-port', BRIDGE, name]);
  return offer({
    name: `${name} is not there`,
    steps: [{ what: `the switch to have no port ${name}`, run: remove }],
    undo: [
      {
        what: `the switch to have the port ${name}`,
        // It may be there still: then it is made as it was.
        async run() {
          await remove();
          await ovs.addPort(port);
        },
      },
    ],
    maxMs: LONGEST_CHANGE_MS,
  });
}
