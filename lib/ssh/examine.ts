import type { Finding } from '../doctor/types.js';
import { shellCommand } from '../shellQuote.js';
import { measureClock } from './clock.js';
import type { SshConnection } from './connect.js';
import { SshError } from './error.js';
import { armGuard } from './guard.js';
import { addressOf } from './machine.js';
import { run } from './process.js';
import { SSH_TIMING } from './timing.js';

/** Something a machine may be able to do, found out there by doing it, without changing anything. */
interface Trial {
  readonly name: string;
  readonly neededFor: string;
  readonly need: Finding['need'];
  /** For people; what is run is `argv`. */
  readonly command?: string;
  readonly argv: readonly string[];
  readonly asRoot: boolean;
  readonly hint?: string;
}

/** AF_PACKET 17, SOCK_RAW 3; protocol 0 receives nothing. A socket that is bound and closed sends nothing. */
const PYTHON = 'import socket; socket.socket(17, 3, 0).bind(("lo", 0))';
const PERL =
  'socket(my $s, 17, 3, 0) or die "socket: $!\\n"; bind($s, pack("Sx2l", 17, 1) . "\\0" x 12) or die "bind: $!\\n"';

/** Programs by which frames can be sent; one of them is enough. */
export const SENDERS = ['python3', 'perl', 'socat'] as const;

const sender = (program: (typeof SENDERS)[number], ...args: readonly string[]): Trial => ({
  name: `sends by ${program}`,
  neededFor: 'probes out of its ports; one way to send is enough',
  need: 'optional',
  argv: [program, ...args],
  asRoot: true,
});

const TRIALS: readonly Trial[] = [
  {
    name: 'root',
    neededFor: 'captures, and changes of links',
    need: 'required',
    command: 'id -u',
    argv: ['sh', '-c', 'test "$(id -u)" = 0'],
    asRoot: true,
    hint: 'allow sudo without a password (NOPASSWD in sudoers(5)), or log in as root',
  },
  { name: 'ip', neededFor: 'its links', need: 'required', argv: ['ip', '-o', 'link', 'show'], asRoot: false },
  {
    name: 'tcpdump',
    neededFor: 'captures on its ports',
    need: 'required',
    // Opens the socket of a capture, and reads nothing.
    argv: ['tcpdump', '-i', 'lo', '-Q', 'in', '--time-stamp-precision=nano', '-d', 'arp'],
    asRoot: true,
    hint: 'install tcpdump there',
  },
  {
    name: 'setsid',
    neededFor: 'a guard that outlives the end of its session',
    need: 'optional',
    argv: ['setsid', 'true'],
    asRoot: false,
  },
  {
    name: 'ping',
    neededFor: 'neighbor frames of its own stack',
    need: 'optional',
    argv: ['ping', '-c', '1', '-W', '1', '127.0.0.1'],
    asRoot: true,
  },
  sender('python3', '-c', PYTHON),
  sender('perl', '-e', PERL),
  sender('socat', '-u', 'OPEN:/dev/null', 'INTERFACE:lo'),
];

/** Lines of a failed command's output that are shown. */
const SAID_LINES = 3;

async function tryOut(connection: SshConnection, trial: Trial): Promise<Finding> {
  const { name, neededFor, need, argv, asRoot } = trial;
  const about = { name, neededFor, need, command: trial.command ?? shellCommand(argv) };
  try {
    const { code, stdout, stderr } = await run(connection, { argv, asRoot }, SSH_TIMING.command);
    if (code === 0) return { ...about, works: true, said: '', hint: null };
    const said = (stderr || stdout).trim().split('\n').slice(-SAID_LINES).join('\n');
    return { ...about, works: false, said: said || `exit code ${code}`, hint: trial.hint ?? null };
  } catch (error) {
    if (!(error instanceof SshError) || connection.lost() !== null) throw error;
    return { ...about, works: false, said: error.message, hint: error.hint };
  }
}

/** A guard whose undo is `true`, from its start to its end. */
async function tryGuard(connection: SshConnection, asRoot: boolean): Promise<Finding> {
  const about = {
    name: 'guard',
    neededFor: 'undoing a fault when we are gone',
    need: 'required',
    command: 'a loop that undoes when it hears nothing any more',
  } as const;
  try {
    const guard = await armGuard(connection, { undo: [{ argv: ['true'] }], seconds: 30, witness: ['true'], asRoot });
    await guard.renew();
    await guard.disarm();
    return { ...about, works: true, said: '', hint: null };
  } catch (error) {
    if (!(error instanceof SshError) || connection.lost() !== null) throw error;
    return { ...about, works: false, said: error.message, hint: error.hint };
  }
}

const ms = (ns: bigint): string => (Number(ns) / 1e6).toFixed(3);

async function tryClock(connection: SshConnection): Promise<Finding> {
  const about = { name: 'clock', neededFor: 'comparing its stamps with those of others', need: 'required' } as const;
  try {
    const { ns, errorNs, by } = await measureClock(connection);
    const side = ns < 0n ? 'behind' : 'ahead of';
    const said = `${ms(ns < 0n ? -ns : ns)} ms ${side} ours, give or take ${ms(errorNs)} ms`;
    return { ...about, works: true, command: `read by ${by}`, said, hint: null };
  } catch (error) {
    if (!(error instanceof SshError) || connection.lost() !== null) throw error;
    return { ...about, works: false, command: 'date +%s%N', said: error.message, hint: error.hint };
  }
}

/** What a machine that we are logged in to can do. Tries everything there, and changes nothing. */
export async function examineFar(connection: SshConnection): Promise<readonly Finding[]> {
  const { machine } = connection;
  const login: Finding = {
    name: 'login',
    neededFor: 'everything',
    need: 'required',
    works: true,
    command: [...machine.via, machine].map(addressOf).join(' -> '),
    said: '',
    hint: null,
  };
  const findings: Finding[] = [login];
  for (const trial of TRIALS) findings.push(await tryOut(connection, trial));
  const isRoot = findings.some(({ name, works }) => name === 'root' && works);
  findings.push(await tryGuard(connection, isRoot), await tryClock(connection));
  return findings;
}
