import type { Plane } from '../dataplane/plane.js';
import type { TapRole, VantageRecord } from '../evidence/types.js';
import { switchSideMac } from '../lab/links.js';
import { need, type Lack } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import type { Leg, Sender } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import type { FrameBytes } from '../wire/frame.js';
import type { TapSource } from '../testbed/port.js';
import { kindEntry } from '../wire/kinds.js';

/** A place to capture, and how to send a control frame through it. */
export interface TapSpec {
  readonly name: string;
  readonly role: TapRole;
  readonly node: string;
  readonly port: string;
  readonly direction: 'in' | 'out';
  readonly leg?: string;
  /** Source MAC of control frames: the port that they come from. */
  readonly controlMac: string;
  /** null: nothing can be sent through it, and only those who are behind it can prove it alive. */
  readonly sendControl: ((frames: readonly FrameBytes[]) => Promise<unknown>) | null;
  /** Their MACs. */
  readonly voices?: readonly string[];
  readonly source: TapSource;
  /** It shows ARP and Neighbor Discovery alone: so are its control frames. */
  readonly neighborsOnly?: boolean;
}

/** Whether a vantage shows ARP and Neighbor Discovery alone: a trap, and where no canary with data came through. */
function isNeighborsOnly(record: VantageRecord | undefined): boolean {
  if (record === undefined) return false;
  const data = record.canaries.filter(({ kind }) => kindEntry(kind).family === 'data');
  return record.kind === 'trap' || (data.length > 0 && data.every(({ copies }) => copies === 0));
}

/**
 * What each leaf receives: control frames come from the host's end of the leg, over the same wire as everything else.
 */
export function leafTaps(lab: Lab): readonly TapSpec[] {
  const { legs, host } = lab.topology;
  const injectOf = ({ hostPort }: Leg) => lab.port(host.node, hostPort).inject;
  return legs.map((leg) => ({
    name: legs.filter((other) => other.leaf === leg.leaf).length === 1 ? leg.leaf : `${leg.leaf}-${leg.name}`,
    role: 'leaf',
    node: leg.leaf,
    port: leg.leafPort,
    direction: 'in',
    leg: leg.name,
    source: need(lab.port(leg.leaf, leg.leafPort).tap),
    controlMac: leg.hostMac,
    sendControl: lab.askers === undefined ? (frames) => need(injectOf(leg))(frames) : null,
    voices: [leg.hostMac, ...sendersOf(lab.topology).map(({ mac }) => mac)],
    neighborsOnly: isNeighborsOnly(lab.vantages?.[leg.leaf]),
  }));
}

/** What each leaf receives from the second host; none where there is none. */
export function secondHostTaps(lab: Lab): readonly TapSpec[] {
  const { secondHost } = lab.topology;
  if (secondHost === undefined) return [];
  return secondHost.legs.map((leg) => ({
    name: `${leg.leaf}-${secondHost.host.node}`,
    role: 'second-host',
    node: leg.leaf,
    port: leg.leafPort,
    direction: 'in',
    leg: leg.name,
    source: need(lab.port(leg.leaf, leg.leafPort).tap),
    controlMac: leg.hostMac,
    sendControl: (frames) => need(lab.port(secondHost.host.node, leg.hostPort).inject)(frames),
  }));
}

/**
 * What a VM or the host's own stack gets back. Returns the lack where no control frame can be sent through that place,
 * so that a tap could not prove itself.
 */
export function returnTap(lab: Lab, plane: Plane, sender: Sender): TapSpec | Lack {
  const { host, vms } = lab.topology;
  const vm = vms.find((one) => one.node === sender.node);
  const own = lab.port(sender.node, sender.nic).tap;
  if (!own.ok) return own.lack;
  const tap = {
    name: `to-${sender.node}`,
    role: 'sender',
    node: sender.node,
    port: sender.nic,
    direction: 'in',
    source: own.use,
  } as const;
  if (vm !== undefined) {
    const { inject } = lab.port(host.node, vm.hostPort);
    return inject.ok
      ? { ...tap, controlMac: switchSideMac(vm.mac), sendControl: (frames) => inject.use(frames) }
      : inject.lack;
  }
  return plane.deliver.ok ? { ...tap, controlMac: host.mac, sendControl: plane.deliver.use } : plane.deliver.lack;
}

/**
 * What a sender's own stack sends: the witness of frames that the lab did not craft. Returns the lack where machines are
 * what they are, and nobody can look there.
 */
export function witnessTap(lab: Lab, sender: Sender): TapSpec | Lack {
  const own = lab.port(sender.node, sender.nic);
  if (lab.isAsFound === true && !own.tap.ok) return own.tap.lack;
  return {
    name: `from-${sender.node}`,
    role: 'sender',
    node: sender.node,
    port: sender.nic,
    direction: 'out',
    source: need(own.tap),
    controlMac: sender.mac,
    sendControl: lab.askers === undefined ? (frames) => need(own.inject)(frames) : null,
    voices: [sender.mac],
  };
}
