import { readFileSync } from 'node:fs';
import { TestbedError } from '../error.js';

/** Where a command from outside is to run. */
export interface Door {
  /** As this machine sees it. */
  readonly agentPid: number;
  /** Name of the node's network namespace at the agent. */
  readonly namespace: string;
  readonly isRoot: boolean;
}

/**
 * nsenter(1) for a user who is not root in the agent's user namespace: the capabilities that setns(2) gives are lost
 * when a program is executed, unless they are made ambient before (capabilities(7)); util-linux before 2.40 cannot.
 * Perl is on every Debian, and is single-threaded, as setns(2) requires. Arguments: pid of the agent, network
 * namespace, working folder, command.
 */
const ENTER_AS_USER = `
use strict;
my ($pid, $net, $folder, @command) = @ARGV;
my %numbers = (x86_64 => [308, 126, 157], aarch64 => [268, 91, 167], riscv64 => [268, 91, 167]);
chomp(my $machine = \`uname -m\`);
my ($setns, $capset, $prctl) = @{$numbers{$machine} or die "everyleaf: no shell for users on $machine yet; become root\\n"};
my @doors = map { open(my $door, '<', $_) or die "everyleaf: $_: $!\\n"; $door } ((map { "/proc/$pid/ns/$_" } qw(user mnt pid ipc uts)), $net);
sub enter { syscall($setns, fileno($_[0]), 0) == 0 or die "everyleaf: setns: $!\\n"; }
enter(shift @doors);
open(my $status, '<', '/proc/self/status') or die "everyleaf: /proc/self/status: $!\\n";
my ($high, $low) = map { /^CapPrm:\\s*([0-9a-f]{8})([0-9a-f]{8})/ ? (hex($1), hex($2)) : () } <$status>;
enter($_) for @doors;
my $header = pack('Ll', 0x20080522, 0);
my $sets = pack('L6', $low, $low, $low, $high, $high, $high);
syscall($capset, $header, $sets) == 0 or die "everyleaf: capset: $!\\n";
syscall($prctl, 47, 2, $_, 0, 0) for 0 .. 63;
chdir($folder) or chdir('/');
defined(my $child = fork()) or die "everyleaf: fork: $!\\n";
if ($child == 0) { exec { $command[0] } @command or exit 127; }
$SIG{$_} = 'IGNORE' for qw(INT QUIT);
waitpid($child, 0);
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
`;

/**
 * The command that runs `argv` inside, on the caller's terminal. `folder`: where it starts, if that exists
 * inside.
 */
export function enterCommand(
  door: Door,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  folder: string,
): string[] {
  const pid = String(door.agentPid);
  // Resolved by the kernel in the agent's mount namespace, before ours is left.
  const net = `/proc/${pid}/root/run/netns/${door.namespace}`;
  const inside = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv];
  if (!door.isRoot) return ['perl', '-e', ENTER_AS_USER, pid, net, folder, ...inside];
  return [
    'nsenter',
    '--target',
    pid,
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    `--net=${net}`,
    `--wdns=${folder}`,
    '--',
    ...inside,
  ];
}

/**
 * pid of the agent as this machine sees it: the one child of its supervisor, which waits for it (unshare --fork).
 * Throws TestbedError.
 */
export function agentPidOf(supervisorPid: number): number {
  let children = '';
  try {
    children = readFileSync(`/proc/${supervisorPid}/task/${supervisorPid}/children`, 'utf8');
  } catch {
    // said below
  }
  const pid = Number(children.trim().split(' ')[0]);
  if (!(pid > 1)) throw new TestbedError(`the lab agent (child of process ${supervisorPid}) is not running`);
  return pid;
}
