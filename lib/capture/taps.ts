import type { HostSwitch } from '../dataplane/types.js';
import type { TapRole } from '../evidence/types.js';
import { switchSideMac } from '../lab/links.js';
import type { Lab } from '../testbed/types.js';
import type { Sender } from '../topology/model.js';
import type { FrameBytes } from '../wire/frame.js';

/** Where to capture, and how to put a control frame through that very place. */
export interface TapSpec {
  readonly name: string;
  readonly role: TapRole;
  readonly node: string;
  readonly port: string;
  readonly direction: 'in' | 'out';
  readonly leg?: string;
  /** Source MAC of control frames: the port that they come from. */
  readonly controlMac: string;
  readonly sendControl: (frames: readonly FrameBytes[]) => Promise<unknown>;
}

/** What each leaf receives: control frames come from the host's end of the leg, over the same wire as everything else. */
export function leafTaps(lab: Lab): readonly TapSpec[] {
  const { legs, host } = lab.topology;
  return legs.map((leg) => ({
    name: legs.filter((other) => other.leaf === leg.leaf).length === 1 ? leg.leaf : `${leg.leaf}-${leg.name}`,
    role: 'leaf',
    node: leg.leaf,
    port: leg.leafPort,
    direction: 'in',
    leg: leg.name,
    controlMac: leg.hostMac,
    sendControl: (frames) => lab.node(host.node).inject(leg.hostPort, frames),
  }));
}

/** What a VM or the host's own stack gets back. */
export function returnTap(lab: Lab, host: HostSwitch, sender: Sender): TapSpec {
  const vm = lab.topology.vms.find((one) => one.node === sender.node);
  const hex = (frame: FrameBytes) => Buffer.from(frame).toString('hex');
  return {
    name: `to-${sender.node}`,
    role: 'sender',
    node: sender.node,
    port: sender.nic,
    direction: 'in',
    controlMac: vm === undefined ? lab.topology.host.mac : switchSideMac(vm.mac),
    sendControl:
      vm === undefined
        ? async (frames) => {
            for (const frame of frames)
              await host.ovs.ofctl(['packet-out', 'br0', `in_port=CONTROLLER packet=${hex(frame)} actions=LOCAL`]);
          }
        : (frames) => lab.node(lab.topology.host.node).inject(vm.hostPort, frames),
  };
}

/** What a sender's own stack says: the witness of frames that the lab did not craft. */
export function witnessTap(lab: Lab, sender: Sender): TapSpec {
  return {
    name: `from-${sender.node}`,
    role: 'sender',
    node: sender.node,
    port: sender.nic,
    direction: 'out',
    controlMac: sender.mac,
    sendControl: (frames) => lab.node(sender.node).inject(sender.nic, frames),
  };
}
