import { DURATIONS } from '../durations.js';
import type { Node, Process } from '../testbed/node.js';
import { TestbedError } from '../testbed/error.js';
import { awaitPath, putFile } from '../lab/files.js';

const FOLDER = '/usr/lib/frr';

/**
 * FRR's daemons look up the user and the group to run as (lib/privs.c), and write crash logs to a fixed place. Each
 * gets a view of the file system in which its user is the one that runs the lab, and that place is private. Arguments:
 * folder with passwd and group, command.
 */
const VIEW = `set -e
mount -t tmpfs tmpfs /var/tmp
mount --bind "$0/passwd" /etc/passwd
mount --bind "$0/group" /etc/group
exec "$@"`;

const USER = 'everyleaf';

/** Routing of one node: zebra, which owns its kernel's routes, and bgpd, which announces them. */
export interface Routing extends AsyncDisposable {
  readonly daemons: readonly Process[];
}

/** Whether a node can start zebra at all; if not, the command and its output. */
export async function probeFrr(node: Node): Promise<{ readonly command: string; readonly output: string } | null> {
  const command = [`${FOLDER}/zebra`, '--version'];
  const { code, stdout, stderr } = await node.exec(command, { mayFail: true });
  return code === 0 ? null : { command: command.join(' '), output: (stderr || stdout).trim() };
}

/**
 * Starts zebra, then bgpd with this configuration; both end with the lab at the latest. Throws TestbedError with their
 * last output.
 */
export async function startFrr(node: Node, bgp: string): Promise<Routing> {
  const folder = `${node.scratch}/frr`;
  const { stdout } = await node.exec(['sh', '-c', 'echo "$(id -u) $(id -g)"']);
  const [uid = '0', gid = '0'] = stdout.trim().split(' ');
  await Promise.all([
    putFile(node, `${folder}/passwd`, `${USER}:x:${uid}:${gid}::/:/bin/false\n`),
    // zebra insists that its user is in the group of its terminal users.
    putFile(node, `${folder}/group`, `${USER}:x:${gid}:${USER}\nfrrvty:x:${gid}:${USER}\n`),
    // The kernel removes a dead link from a nexthop group; FRR 8 reuses the group when the link is back, and never puts
    // the link back in.
    putFile(node, `${folder}/zebra.conf`, `hostname ${node.name}\nno zebra nexthop kernel enable\n`),
    putFile(node, `${folder}/bgpd.conf`, `hostname ${node.name}\n${bgp}`),
  ]);
  // Left by daemons that ran here before; a wait for the new ones would find these.
  await node.exec(['rm', '-f', ...['zserv.api', 'zebra.vty', 'bgpd.vty'].map((socket) => `${folder}/${socket}`)]);
  const start = async (daemon: string, awaited: string): Promise<Process> => {
    const process = await node.spawn([
      'unshare',
      '--mount',
      '--',
      'sh',
      '-c',
      VIEW,
      folder,
      `${FOLDER}/${daemon}`,
      '--user',
      USER,
      '--group',
      USER,
      '--config_file',
      `${folder}/${daemon}.conf`,
      '--pid_file',
      `${folder}/${daemon}.pid`,
      '--socket',
      `${folder}/zserv.api`,
      '--vty_socket',
      folder,
      '--vty_port',
      '0',
      '--log',
      'stdout',
      '--log-level',
      'warnings',
    ]);
    const appeared = await Promise.race([
      awaitPath(node, `${folder}/${awaited}`, DURATIONS.daemonStart),
      process.ended,
    ]);
    if (appeared !== true)
      throw new TestbedError(
        `on ${node.name}: ${daemon} does not run: ${process.hasEnded()?.lastOutput.trim() || 'no word from it'}`,
      );
    return process;
  };
  const daemons = [await start('zebra', 'zserv.api'), await start('bgpd', 'bgpd.vty')];
  return {
    daemons,
    async [Symbol.asyncDispose]() {
      await Promise.all(daemons.map((daemon) => daemon.stop('SIGKILL')));
    },
  };
}

/**
 * The state of a node's BGP sessions, from bgpd, and of the addresses that they need, from the kernel; for the message
 * when they do not come up.
 */
export async function sessionsOf(node: Node): Promise<string> {
  const said = await Promise.all(
    [
      node.exec(['vtysh', '--vty_socket', `${node.scratch}/frr`, '-c', 'show bgp summary'], { mayFail: true }),
      node.exec(['ip', '-brief', 'address'], { mayFail: true }),
    ].map((one) => one.then(({ stdout, stderr }) => (stdout || stderr).trim(), String)),
  );
  return said.join('\n');
}
