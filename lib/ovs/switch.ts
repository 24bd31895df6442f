import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import type { CommandResult, Node, Process } from '../testbed/node.js';
import { inOneLine } from '../inOneLine.js';
import { until } from '../until.js';
import { LackError } from '../testbed/capability.js';
import { TestbedError } from '../testbed/error.js';
import { awaitPath, putFile, readFiles } from '../lab/files.js';
import { appctl, select, transact, type Query, type Row } from './ask.js';
import { BRIDGE, bridgeInserts, portInserts, type Bridge, type BridgePort } from './bridge.js';
import { valueIn } from './cells.js';
import { awaitAddress, configure, emptyDatabase, inEffect, setColumns } from './database.js';

/** The Open vSwitch of one node: its own database and control socket, in the foreground. */
export interface OvsSwitch {
  readonly node: Node;
  /** `ovs-vsctl`, waits until the switch has applied the change. */
  vsctl(args: readonly string[]): Promise<string>;
  /** Changes columns of the row with this name; waits like `vsctl`, without starting a program. */
  set(table: string, name: string, columns: Row): Promise<void>;
  /** Adds a port to the bridge; waits like `vsctl`. */
  addPort(port: BridgePort): Promise<void>;
  /** `ovs-ofctl -O OpenFlow13`, with flows or groups on standard input where an argument is `-`. */
  ofctl(args: readonly string[], input?: string): Promise<string>;
  /** What `ovs-appctl` prints of ovs-vswitchd; throws TestbedError when it does not answer within the time. */
  appctl(args: readonly string[], withinMs?: number): Promise<string>;
  /** Rows of tables of its database. */
  select(queries: readonly Query[]): Promise<readonly (readonly Row[])[]>;
  /** How `ovsdb-client` and `ovs-vsctl` reach the database. */
  readonly database: string;
  readonly env: Readonly<Record<string, string>>;
  /** Control socket of ovs-vswitchd, for `ovs-appctl -t`. */
  readonly control: string;
  /** The file with the process id of ovs-vswitchd. */
  readonly pidFile: string;
  /** Kills ovs-vswitchd and starts it again; flows, groups and MAC table are gone, the configuration is not. */
  restartDaemon(): Promise<void>;
}

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

/** Throws LackError where it is not there. */
async function schemaOf(node: Node): Promise<string> {
  try {
    const [schema = ''] = await readFiles(node, [SCHEMA]);
    return schema;
  } catch (error) {
    throw new LackError([
      {
        what: 'Open vSwitch',
        command: `cat ${SCHEMA}`,
        output: error instanceof Error ? error.message : String(error),
      },
    ]);
  }
}

async function ready(process: Process, node: Node, socket: string): Promise<Process> {
  const appeared = await Promise.race([awaitPath(node, socket, patience(node, DURATIONS.daemonStart)), process.ended]);
  if (appeared === true) return process;
  const words = process.hasEnded()?.lastOutput.trim() ?? 'no word from it';
  throw new TestbedError(`on ${node.name}: ${socket} did not appear: ${words}`);
}

/**
 * Starts ovsdb-server and ovs-vswitchd on a node, with this bridge; both end with the lab. Resolves when the bridge is
 * in effect. Throws LackError where Open vSwitch is not there.
 * @param daemonFile the program: its name, or its path
 */
export async function startOvs(node: Node, bridge: Bridge, daemonFile = 'ovs-vswitchd'): Promise<OvsSwitch> {
  const folder = `${node.scratch}/ovs`;
  const socket = `${folder}/db.sock`;
  const control = `${folder}/vswitchd.ctl`;
  const pidFile = `${folder}/vswitchd.pid`;
  const database = `unix:${socket}`;
  // Every path that the daemons would otherwise share with the system's installation.
  const env = { OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder };
  const sockets = { node, env, control, database: socket };
  // The cache of flows, 9 MB that the daemon fills at its start, is then of 2 MiB pages where the kernel has them: a
  // fifth less CPU for each start (Open vSwitch 3.1). Source: glibc manual, "Memory Allocation Tunables".
  const huge = { ...env, GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
  const quiet = ['-vconsole:warn', '-vsyslog:off', '-vfile:off'];
  await putFile(node, `${folder}/conf.db`, emptyDatabase(await schemaOf(node)));
  const serve = ['ovsdb-server', ...quiet, `--remote=punix:${socket}`, `--unixctl=${folder}/ovsdb.ctl`];
  const server = await node.spawn([...serve, `${folder}/conf.db`], { env });
  await ready(server, node, socket);
  // The socket exists before the daemon listens on it.
  let refusal: unknown;
  await until(
    `${node.name}: ovsdb-server to answer`,
    patience(node, DURATIONS.daemonStart),
    () =>
      select(sockets, []).then(
        () => true as const,
        (error: unknown) => {
          refusal = error;
          return null;
        },
      ),
    () => String(refusal),
  );
  // Before the daemon starts: it then makes the bridge at once, and not after an empty configuration.
  await transact(sockets, bridgeInserts(bridge));
  const startDaemon = async () =>
    ready(
      await node.spawn([daemonFile, ...quiet, `--unixctl=${control}`, `--pidfile=${pidFile}`, database], {
        env: huge,
      }),
      node,
      control,
    );
  let daemon = await startDaemon();
  // A daemon that has ended applies nothing any more, and its last words say why.
  const first = daemon;
  const address = valueIn(bridge.columns?.['other_config'], 'hwaddr');
  await Promise.race([
    inEffect(sockets, 1).then(() =>
      address === null ? undefined : awaitAddress(sockets, BRIDGE, address.toLowerCase()),
    ),
    first.ended.then(({ lastOutput }) => {
      throw new TestbedError(`on ${node.name}: ${daemonFile} ended: ${inOneLine(lastOutput)}`);
    }),
  ]);
  let restarts = 0;
  const tool = async (argv: readonly string[], input?: string) => {
    const result: CommandResult = await node.exec(argv, { env, ...(input === undefined ? {} : { input }) });
    return result.stdout;
  };
  return {
    node,
    database,
    env,
    control,
    pidFile,
    vsctl: (args) => tool(['ovs-vsctl', '-vsyslog:off', '--timeout=15', `--db=${database}`, ...args]),
    ofctl: (args, input) => tool(['ovs-ofctl', '-vsyslog:off', '-O', 'OpenFlow13', ...args], input),
    set: (table, name, columns) => setColumns(sockets, table, name, columns),
    addPort: (port) => configure(sockets, portInserts(port)),
    appctl: (args, withinMs) => appctl(sockets, args, withinMs),
    select: (queries) => select(sockets, queries),
    async restartDaemon() {
      await daemon.stop('SIGKILL');
      // The dead daemon's socket must not be taken for its successor's.
      await node.exec(['rm', '-f', control]);
      daemon = await startDaemon();
      // ovs-vsctl waits until a change is in effect, and with it every bridge.
      await tool([
        'ovs-vsctl',
        '-vsyslog:off',
        '--timeout=15',
        `--db=${database}`,
        'set',
        'Open_vSwitch',
        '.',
        `external_ids:restarts=${++restarts}`,
      ]);
    },
  };
}
