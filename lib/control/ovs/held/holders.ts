import { BRIDGE } from '../../../ovs/bridge.js';
import type { OvsPlane } from '../../../ovs/ovsPlane.js';
import { DURATIONS } from '../../../durations.js';
import { need } from '../../../testbed/capability.js';
import { RELAY, RELAYING } from '../../tamper/pipes.js';
import type { Lab } from '../../../testbed/lab.js';
import type { ProcessEnd, Process } from '../../../testbed/node.js';
import { ReplicatorError } from '../../../replicator/error.js';
import { reconcile } from '../../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../../replicator/ovs/recipe.js';
import type { InstalledReplicator } from '../../../replicator/types.js';

/** An access port of an unused VLAN: the switch sends nothing there by itself. */
const UNUSED_VLAN = 4094;
/** OpenFlow numbers of the ports that lead to the holders; the switch gives small ones to all others. */
const FIRST_NUMBER = 1000;

/** These are what the replicator itself sends, so the rules of the wire apply to them. */
const NO_MARK = '0';

/** One per uplink but the first. */
interface Holder {
  readonly switchPort: string;
  readonly holderPort: string;
  readonly ofport: number;
  readonly uplink: string;
}

function holdersOf(lab: Lab): readonly Holder[] {
  return lab.topology.legs.slice(1).map((leg, index) => ({
    switchPort: `hold${index}`,
    holderPort: `held${index}`,
    ofport: FIRST_NUMBER + index,
    uplink: leg.hostPort,
  }));
}

async function startHolder(lab: Lab, { ovs }: OvsPlane, holder: Holder, heldMs: number): Promise<Process> {
  const node = lab.node(lab.topology.host.node);
  const { switchPort, holderPort, ofport, uplink } = holder;
  await node.exec(['ip', '-batch', '-'], {
    input: `link add name ${switchPort} up type veth peer name ${holderPort}\nlink set dev ${holderPort} up`,
  });
  await ovs.vsctl([
    'add-port',
    BRIDGE,
    switchPort,
    `tag=${UNUSED_VLAN}`,
    '--',
    'set',
    'interface',
    switchPort,
    `ofport_request=${ofport}`,
  ]);
  const relay = need(await node.deploy(RELAY));
  const process = await node.spawn([...relay, holderPort, uplink, NO_MARK, 'hold', String(heldMs)]);
  if ((await process.line(RELAYING, DURATIONS.replicatorReady)) === null) {
    throw new ReplicatorError(
      `what holds frames back on ${uplink} did not start: ${process.hasEnded()?.lastOutput.trim() ?? 'no word from it'}`,
    );
  }
  return process;
}

async function endHolder(lab: Lab, { ovs }: OvsPlane, holder: Holder): Promise<void> {
  await ovs.vsctl(['--if-exists', 'del-port', BRIDGE, holder.switchPort]);
  await lab.node(lab.topology.host.node).exec(['ip', 'link', 'del', holder.switchPort], { mayFail: true });
}

/**
 * Installs the right flows, but with the buckets that `buckets` makes of an uplink's own port number and the one whose
 * frames leave through that uplink `heldMs` later; null for the first uplink, whose copies are not held.
 */
export async function installHeld(
  lab: Lab,
  plane: OvsPlane,
  heldMs: number,
  buckets: (own: number, held: number | null) => readonly number[],
): Promise<InstalledReplicator> {
  const holders = holdersOf(lab);
  const processes: Process[] = [];
  const free = async () => {
    await Promise.all(processes.map((one) => one.stop('SIGKILL')));
    for (const holder of holders) await endHolder(lab, plane, holder);
  };
  try {
    for (const holder of holders) processes.push(await startHolder(lab, plane, holder, heldMs));
    const installed = await reconcile(plane, {
      ...RIGHT,
      buckets: (uplink) =>
        buckets(uplink.ofport, holders.find((holder) => holder.uplink === uplink.name)?.ofport ?? null).map(
          (port) => `actions=output:${port}`,
        ),
    });
    let over: ProcessEnd | null = null;
    let stopped = false;
    for (const one of processes) void one.ended.then((end) => void (over ??= end));
    return {
      ...installed,
      broken: () =>
        over === null || stopped ? installed.broken() : `what holds frames back ended: ${over.lastOutput.trim()}`,
      async [Symbol.asyncDispose]() {
        stopped = true;
        await installed[Symbol.asyncDispose]();
        await free();
      },
    };
  } catch (error) {
    await free();
    throw error;
  }
}
