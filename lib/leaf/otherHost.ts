import type { OtherHost } from '../dataplane/plane.js';
import type { OvsSwitch } from '../ovs/switch.js';
import { need } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import { OTHER_HOST_PORT } from '../topology/labNames.js';

/** Of the port itself, which sends nothing of its own. */
const MAC = '02:00:00:00:05:01';

/** Gives a leaf a port for a second host. That host has no switch of its own: what is sent there comes in at the leaf. */
export async function joinOtherHost(lab: Lab, leaf: string, ovs: OvsSwitch): Promise<OtherHost> {
  const port = OTHER_HOST_PORT;
  await ovs.addPort({ name: port, interfaces: [{ name: port, columns: { type: 'internal' } }] });
  await lab.node(leaf).exec(['ip', 'link', 'set', 'dev', port, 'up']);
  const inject = need(lab.adopt(leaf, port, MAC).inject);
  return {
    port,
    async send(frames) {
      await inject(frames);
    },
  };
}
