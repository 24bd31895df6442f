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
const cClockGettime: NativeCall = libc.func('int clock_gettime(int clock, _Out_ int64_t *ts)');
const cMount: NativeCall = libc.func(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
);
const cPrctl: NativeCall = libc.func(
  'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
);
const cStrerror = libc.func('const char *strerror(int code)');

/** linux/prctl.h */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;
/** linux/socket.h, linux/net.h */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
/** asm-generic/socket.h */
const SOL_SOCKET = 1;
const SO_MARK = 36;
const CLOCK_REALTIME = 0;
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
 * With a mark every frame that it sends has that one, for nft(8) and tc(8) to see.
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
