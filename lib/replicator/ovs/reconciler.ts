import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import type { OvsSwitch } from '../../dataplane/ovs/switch.js';
import type { HostSwitch } from '../../dataplane/types.js';
import type { AuditFact } from '../../evidence/types.js';
import type { RunningProcess } from '../../testbed/types.js';
import { until } from '../../until.js';
import type { InstalledReplicator } from '../types.js';
import { readPorts } from './ports.js';
import { GROUP_ID, ovsRecipe, type RecipeOptions } from './recipe.js';

const BRIDGE = 'br0';

async function apply(ovs: OvsSwitch, options: RecipeOptions): Promise<string> {
  const recipe = ovsRecipe(await readPorts(ovs), options);
  // The group first: a flow may only point at a group that exists. Flows are then replaced in one transaction.
  await ovs.ofctl(['--may-create', 'mod-group', BRIDGE, recipe.group]);
  await ovs.ofctl(['-O', 'OpenFlow14', '--bundle', 'replace-flows', BRIDGE, '-'], recipe.flows.join('\n') + '\n');
  return [recipe.group, ...recipe.flows].join('\n');
}

/**
 * Keeps group and flows fitting to the bridge: the database tells of ports and VLANs that change, and an OpenFlow connection ends
 * when ovs-vswitchd does, whose successor starts with empty tables.
 */
export async function reconcile(host: HostSwitch, options: RecipeOptions): Promise<InstalledReplicator> {
  const { ovs } = host;
  let closed = false;
  let applied = '';
  let failure: string | null = null;
  let dirty = false;
  let running: Promise<void> = Promise.resolve();
  const touch = () => {
    if (dirty || closed) return;
    dirty = true;
    running = running.then(async () => {
      dirty = false;
      if (closed) return;
      try {
        applied = await apply(ovs, options);
        failure = null;
      } catch (error) {
        // The daemon may just be restarting; the end of the OpenFlow connection starts another try.
        failure = error instanceof Error ? error.message : String(error);
      }
    });
  };
  const { node, env } = ovs;
  const database = node.start(['ovsdb-client', '-vsyslog:off', 'monitor', ovs.database, 'Open_vSwitch', 'Port', 'name,tag,trunks,interfaces', '--', 'Interface', 'name,ofport,external_ids', '--format=json'], { env, onLine: touch });
  let connection: RunningProcess | undefined;
  const connect = async (): Promise<void> => {
    if (closed) return;
    await node.awaitPath(`${node.runFolder}/ovs/${BRIDGE}.mgmt`, DURATIONS.daemonStart);
    const mine = await node.start(['ovs-ofctl', '-vsyslog:off', '-O', 'OpenFlow13', 'monitor', BRIDGE], { env });
    connection = mine;
    void mine.ended
      .then(async () => {
        if (closed) return;
        // Its end is the news that the daemon is gone; the successor's socket may still be the predecessor's.
        await wait(DURATIONS.reconnect);
        touch();
        await connect();
      })
      .catch((error: unknown) => (failure = String(error)));
  };
  const settled = async () => {
    await until('the flows to fit the bridge', DURATIONS.daemonStart, async () => {
      await running;
      if (failure !== null) touch();
      return failure === null && !dirty && applied !== '' ? true : null;
    }, () => failure ?? 'no flows');
  };
  touch();
  await settled();
  if (closed) return Promise.reject(new Error('closed'));
  await Promise.all([database, connect()]);
  return {
    settled,
    broken: () => failure,
    async audit(): Promise<readonly AuditFact[]> {
      const [groups, flows] = await Promise.all([ovs.ofctl(['dump-groups', BRIDGE]), ovs.ofctl(['--no-stats', 'dump-flows', BRIDGE])]);
      const group = groups.split('\n').find((line) => line.includes(`group_id=${GROUP_ID}`))?.trim() ?? 'none';
      const toGroup = flows.split('\n').filter((line) => line.includes(`group:${GROUP_ID}`)).length;
      return [
        { name: 'group', ok: group !== 'none', value: group, command: `ovs-ofctl -O OpenFlow13 dump-groups ${BRIDGE}` },
        { name: 'flows to the group', ok: toGroup > 0, value: String(toGroup), command: `ovs-ofctl -O OpenFlow13 dump-flows ${BRIDGE}` },
      ];
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await running;
      await Promise.all([(await database).stop('SIGKILL'), connection?.stop('SIGKILL')]);
    },
  };
}
