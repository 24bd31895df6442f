import { DURATIONS } from '../../../durations.js';
import { BRIDGE } from '../../../ovs/bridge.js';
import type { OvsPlane } from '../../../ovs/ovsPlane.js';
import { need } from '../../../testbed/capability.js';
import { until } from '../../../until.js';
import { ReplicatorError } from '../../error.js';
import type { InstalledReplicator } from '../../types.js';
import { auditRecipe } from '../audit.js';
import { readPorts } from '../ports.js';
import { ovsRecipe } from '../recipe.js';
import { auditControl, type FailMode, type Link } from './audit.js';
import { CONNECTED, GONE, IN_FORCE, LISTENING, NOT_IN_FORCE } from './words.js';

/** Below the built `lib`. */
const PROGRAM = 'replicator/ovs/controller/program.js';
const ENDS = / the switch refuses /;

/**
 * How the switch reaches its controller: a unix socket, or TCP on loopback, over a network of its own (`out-of-band`), or
 * over the one that it forwards itself, as Open vSwitch takes for granted (ovs-vswitchd.conf.db(5), Controller,
 * connection_mode).
 */
export type Reach = 'socket' | 'out-of-band' | 'in-band';

export interface ControllerOptions {
  readonly failMode?: FailMode;
  readonly reach?: Reach;
}

/** Starts the controller on the host, and names it to the bridge. It ends with the lab, however that ends. */
export async function installController(
  { ovs }: OvsPlane,
  { failMode = 'secure', reach = 'socket' }: ControllerOptions = {},
): Promise<InstalledReplicator> {
  const { node } = ovs;
  // Open vSwitch connects to no socket outside of its own folder (vswitchd/bridge.c, bridge_configure_remotes).
  const socket = reach === 'socket' ? [`${String(ovs.env['OVS_RUNDIR'])}/controller`] : [];
  let target = '';
  let problem: string | null = null;
  let link: Link = { why: 'no switch has connected' };
  const controller = await node.spawn(
    [...need(await node.deploy(PROGRAM)), ovs.database.replace(/^unix:/, ''), ...socket],
    {
      onLine(line) {
        if (line.startsWith(IN_FORCE)) problem = null;
        else if (line.startsWith(NOT_IN_FORCE)) problem = line;
        else if (line.startsWith(CONNECTED)) link = { datapath: line.slice(CONNECTED.length).trim() };
        else if (line.startsWith(GONE)) link = { why: line.slice(GONE.length).trim() };
      },
    },
  );
  const whyOver = (): string | null => {
    const end = controller.hasEnded();
    if (end === null) return null;
    const [last = 'no word from it'] = end.lastOutput.trim().split('\n').slice(-1);
    return `the controller ended with ${end.signal ?? `code ${String(end.code)}: ${last}`}`;
  };
  const linkNow = (): Link => {
    const why = whyOver();
    return why === null ? link : { why };
  };
  const facts = async () => [
    ...(await auditRecipe(ovs, ovsRecipe(await readPorts(ovs)))),
    ...(await auditControl(ovs, target, linkNow())),
  ];
  /** The rest says what would be if it died. */
  const isInForce = (all: Awaited<ReturnType<typeof facts>>) =>
    all.every(({ name, ok }) => ok || !['group', 'flows', 'controller'].includes(name));
  const forgetController = async () => {
    // A switch that is dead cannot say that it has heard.
    const answers = await ovs.appctl(['version'], DURATIONS.switchAnswer).then(
      () => true,
      () => false,
    );
    const without = ['del-controller', BRIDGE, '--', 'del-fail-mode', BRIDGE];
    await ovs.vsctl(answers ? without : ['--no-wait', ...without]);
  };
  const installed: InstalledReplicator = {
    audit: facts,
    broken: () => whyOver() ?? problem,
    async settled() {
      let last = 'nothing';
      await until(
        'the flows of the controller to fit the bridge',
        DURATIONS.daemonStart,
        async () => {
          const all = await facts().catch((error: unknown) => void (last = String(error)));
          if (all === undefined) return null;
          last = all.map(({ name, value }) => `${name}: ${value}`).join('; ');
          return isInForce(all) ? true : null;
        },
        () => last,
        DURATIONS.reconnect,
      );
    },
    async sigkill() {
      await controller.stop('SIGKILL');
    },
    async [Symbol.asyncDispose]() {
      // While it still runs: else a bridge that does not fail securely would go its own way for a moment.
      await forgetController();
      await controller.stop('SIGTERM');
    },
  };
  const fail = (what: string) =>
    new ReplicatorError(`the controller ${what}: ${whyOver() ?? problem ?? 'no word from it'}`);
  try {
    const listens = await controller.line(new RegExp(`^${LISTENING} `), DURATIONS.replicatorReady);
    if (listens === null) throw fail('did not start');
    target = listens.slice(LISTENING.length + 1).trim();
    // Once named, its flows alone forward: those that were there are gone. At the longest it is without the switch for
    // a second: that is the least that can be asked for (milliseconds).
    await ovs.vsctl([
      ...['set-fail-mode', BRIDGE, failMode],
      ...['--', 'set-controller', BRIDGE, target],
      ...[
        '--',
        'set',
        'controller',
        BRIDGE,
        'max_backoff=1000',
        ...(reach === 'socket' ? [] : [`connection_mode=${reach}`]),
      ],
    ]);
    const word = await controller.line(
      new RegExp(`^${IN_FORCE}|^${NOT_IN_FORCE}.*${ENDS.source}`),
      DURATIONS.replicatorReady,
    );
    if (word?.startsWith(IN_FORCE) !== true) throw fail('installed nothing');
  } catch (error) {
    await installed[Symbol.asyncDispose]();
    throw error;
  }
  return installed;
}
