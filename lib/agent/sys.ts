import { closeSync } from 'node:fs';
import koffi from 'koffi';

/**
 * The few system calls that Node does not offer. All are synchronous and run on the calling thread, because setns(2)
 * moves only that thread. A wrong pointer here ends the process, so nothing else in the project touches koffi.
 */
const libc = koffi.load('libc.so.6');

type NativeCall = (...args: readonly unknown[]) => number | bigint;

const cSetns: NativeCall = libc.func('int setns(int fd, int nstype)');
const cSocket: NativeCall = libc.func('int socket(int domain, int type, int protocol)');
const cBind: NativeCall = libc.func('int bind(int fd, const uint8_t *addr, uint32_t length)');
const cSetsockopt: NativeCall = libc.func(
  'int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)',
);
const cSend: NativeCall = libc.func('intptr_t send(int fd, const uint8_t *data, uintptr_t length, int flags)');
const cIfNameToIndex: NativeCall = libc.func('uint32_t if_nametoindex(const char *name)');
const cRecv: NativeCall = libc.func('intptr_t recv(int fd, _Out_ uint8_t *data, uintptr_t length, int flags)');
const cIoctl: NativeCall = libc.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)');
const cClockGettime: NativeCall = libc.func('int clock_gettime(int clock, _Out_ int64_t *ts)');
const cMount: NativeCall = libc.func(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
);
const cPrctl: NativeCall = libc.func(
  'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
);
const cStrerror = libc.func('const char *strerror(int code)');
const cPipe2: NativeCall = libc.func('int pipe2(_Out_ int32_t *fds, int flags)');
const cFcntl: NativeCall = libc.func('int fcntl(int fd, int command, ...)');
const cWaitpid: NativeCall = libc.func('int waitpid(int pid, _Out_ int32_t *status, int options)');
const cSigfillset: NativeCall = libc.func('int sigfillset(_Out_ uint8_t *set)');
const cSigemptyset: NativeCall = libc.func('int sigemptyset(_Out_ uint8_t *set)');
const cActionsInit: NativeCall = libc.func('int posix_spawn_file_actions_init(_Inout_ uint8_t *actions)');
const cActionsDup2: NativeCall = libc.func(
  'int posix_spawn_file_actions_adddup2(_Inout_ uint8_t *actions, int fd, int target)',
);
const cActionsDestroy: NativeCall = libc.func('int posix_spawn_file_actions_destroy(_Inout_ uint8_t *actions)');
const cAttributesInit: NativeCall = libc.func('int posix_spawnattr_init(_Inout_ uint8_t *attributes)');
const cSetFlags: NativeCall = libc.func('int posix_spawnattr_setflags(_Inout_ uint8_t *attributes, short flags)');
const cSetDefaults: NativeCall = libc.func(
  'int posix_spawnattr_setsigdefault(_Inout_ uint8_t *attributes, const uint8_t *set)',
);
const cSetMask: NativeCall = libc.func(
  'int posix_spawnattr_setsigmask(_Inout_ uint8_t *attributes, const uint8_t *set)',
);
const cPosixSpawn: NativeCall = libc.func(
  'int posix_spawn(_Out_ int32_t *pid, const char *path, const uint8_t *actions, const uint8_t *attributes, const char **argv, const char **env)',
);

/** linux/prctl.h */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;
/** linux/socket.h, linux/net.h */
const AF_INET = 2;
const AF_NETLINK = 16;
export const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
/** linux/netlink.h */
const NETLINK_SOCK_DIAG = 4;
/** linux/sockios.h, net/if.h: a request names its interface in the first 16 bytes of `struct ifreq`, its flags follow. */
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const IFNAMSIZ = 16;
const IFREQ_BYTES = 40;
const IFF_UP = 1;
/** asm-generic/socket.h */
const SOL_SOCKET = 1;
const SO_MARK = 36;
const CLOCK_REALTIME = 0;
/** spawn.h */
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;
/** bits/types/__sigset_t.h */
const SIGSET_BYTES = 128;
/** bits/waitflags.h */
const WNOHANG = 1;
/** linux/fcntl.h */
const F_SETPIPE_SZ = 1031;
const PIPE_BYTES = 1 << 20;
/** asm-generic/errno.h */
export const ENOBUFS = 105;
export const EAGAIN = 11;
export const ENETDOWN = 100;

/** A system call said no. `errno` is the kernel's number. */
export class SystemCallError extends Error {
  readonly errno: number;
  constructor(call: string, errno: number) {
    super(`${call}: ${String(cStrerror(errno))} (errno ${errno})`);
    this.name = 'SystemCallError';
    this.errno = errno;
  }
}

function checked(call: string, result: number | bigint): number {
  const value = Number(result);
  if (value < 0) throw new SystemCallError(call, koffi.errno());
  return value;
}

/** Moves the calling thread into the network namespace behind `fd`. */
export function enterNetworkNamespace(fd: number): void {
  checked('setns', cSetns(fd, CLONE_NEWNET));
}

/** Mounts an empty tmpfs over `target` in this mount namespace. */
export function mountTmpfs(target: string): void {
  checked(`mount tmpfs on ${target}`, cMount('tmpfs', target, 'tmpfs', 0, 'mode=0755'));
}

/**
 * A raw AF_PACKET socket bound to `port` of the current network namespace; it sends and never receives (protocol 0).
 * With a mark, every frame that it sends carries that mark, for nft(8) and tc(8) to match.
 */
export function openPacketSender(port: string, mark = 0): number {
  const index = Number(cIfNameToIndex(port));
  if (index === 0) throw new SystemCallError(`no interface "${port}"`, koffi.errno());
  const fd = checked('socket(AF_PACKET)', cSocket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  // struct sockaddr_ll of linux/if_packet.h: family, protocol, ifindex, and 12 bytes that bind() does not read
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setInt32(4, index, true);
  checked(`bind to "${port}"`, cBind(fd, address, address.length));
  if (mark !== 0) {
    const value = new Uint8Array(Uint32Array.of(mark).buffer);
    checked(`mark for "${port}"`, cSetsockopt(fd, SOL_SOCKET, SO_MARK, value, value.length));
  }
  return fd;
}

/** Sends one frame; returns 0, or the errno of a refusal. */
export function sendFrame(fd: number, frame: Uint8Array): number {
  return Number(cSend(fd, frame, frame.length, MSG_DONTWAIT)) < 0 ? koffi.errno() : 0;
}

/** Sets interfaces of the current network namespace up. Throws SystemCallError, which names the one that is not there. */
export function setUp(interfaces: readonly string[]): void {
  const fd = checked('socket(AF_INET)', cSocket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  try {
    for (const name of interfaces) {
      const request = new Uint8Array(IFREQ_BYTES);
      request.set(Buffer.from(name).subarray(0, IFNAMSIZ - 1));
      checked(`flags of "${name}"`, cIoctl(fd, SIOCGIFFLAGS, request));
      const flags = new DataView(request.buffer, IFNAMSIZ);
      flags.setUint16(0, flags.getUint16(0, true) | IFF_UP, true);
      checked(`set "${name}" up`, cIoctl(fd, SIOCSIFFLAGS, request));
    }
  } finally {
    closeSync(fd);
  }
}

/** More than one part of a dump has (net/netlink/af_netlink.c, netlink_dump). */
const DUMP_PART_BYTES = 65_536;

/**
 * Asks the current network namespace about its sockets (sock_diag(7)), and hands over each part of the answer until
 * `take` says that it was the last. The kernel makes each part while it is asked for: none is ever waited for.
 */
export function askSockets(request: Uint8Array, take: (part: DataView) => 'more' | 'last'): void {
  const fd = checked('socket(AF_NETLINK)', cSocket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  try {
    checked('send(AF_NETLINK)', cSend(fd, request, request.length, 0));
    const part = new Uint8Array(DUMP_PART_BYTES);
    for (;;) {
      const length = checked('recv(AF_NETLINK)', cRecv(fd, part, part.length, MSG_DONTWAIT));
      if (take(new DataView(part.buffer, 0, length)) === 'last') return;
    }
  } finally {
    closeSync(fd);
  }
}

const timespec = new BigInt64Array(2);

/** The clock that stamps captured frames (CLOCK_REALTIME), ns since the epoch. */
export function realtimeNs(): bigint {
  checked('clock_gettime', cClockGettime(CLOCK_REALTIME, timespec));
  return (timespec[0] ?? 0n) * 1_000_000_000n + (timespec[1] ?? 0n);
}

/**
 * Has the kernel kill this process when its parent ends, however busy this process is then: one that spins in a promise
 * loop would never hear that its pipe has closed. Must be called on the main thread, from a process whose parent
 * started it.
 */
export function dieWithParent(): void {
  const parent = process.ppid;
  checked('prctl', cPrctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
  // It may have ended just before.
  if (process.ppid !== parent) process.exit(1);
}

/** Ends of a pipe, both closed in programs that are started. */
export function openPipe(): { readonly readEnd: number; readonly writeEnd: number } {
  const fds = new Int32Array(2);
  checked('pipe2', cPipe2(fds, SOCK_CLOEXEC));
  return { readEnd: fds[0] ?? -1, writeEnd: fds[1] ?? -1 };
}

/** As much room as a pipe can have without privileges (/proc/sys/fs/pipe-max-size); where it cannot, it stays small. */
export function widenPipe(fd: number): void {
  cFcntl(fd, F_SETPIPE_SZ, 'int', PIPE_BYTES);
}

/**
 * posix_spawn(3): starts a program with these descriptors as its stdin, stdout and stderr. Unlike fork(2) it copies no
 * page tables: from a process of this size fork takes 15 times the CPU. Signals are as a shell would leave them.
 * Returns the pid, or, negative, the errno of why it could not be started.
 */
export function posixSpawn(
  path: string,
  argv: readonly string[],
  env: readonly string[],
  stdio: readonly [stdin: number, stdout: number, stderr: number],
  ownSession: boolean,
): number {
  // Opaque structures of spawn.h: 80 and 336 bytes in glibc 2.36 on x86-64, and no more than that elsewhere.
  const actions = new Uint8Array(512);
  const attributes = new Uint8Array(1024);
  cActionsInit(actions);
  stdio.forEach((fd, target) => cActionsDup2(actions, fd, target));
  cAttributesInit(attributes);
  const signals = new Uint8Array(SIGSET_BYTES);
  cSigfillset(signals);
  cSetDefaults(attributes, signals);
  cSigemptyset(signals);
  cSetMask(attributes, signals);
  cSetFlags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (ownSession ? POSIX_SPAWN_SETSID : 0));
  const pid = new Int32Array(1);
  const error = Number(cPosixSpawn(pid, path, actions, attributes, [...argv, null], [...env, null]));
  cActionsDestroy(actions);
  return error === 0 ? (pid[0] ?? 0) : -error;
}

/** A child that has ended. Exactly one of code and signal (its number) is set. */
export interface Reaped {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: number | null;
}

/** The next of this process's children that has ended; null when there is none. */
export function reapChild(): Reaped | null {
  const status = new Int32Array(1);
  const pid = Number(cWaitpid(-1, status, WNOHANG));
  if (pid <= 0) return null;
  // bits/waitstatus.h
  const word = status[0] ?? 0;
  const signal = word & 0x7f;
  return signal === 0 ? { pid, code: (word >> 8) & 0xff, signal: null } : { pid, code: null, signal };
}
