import { FAR } from './timing.js';

/**
 * How frames are sent by what a machine has. A program reads requests from stdin, one after another: a line with the
 * port, the time between two frames (ns), and the lengths of the frames, then their bytes; it answers by one line: `ok`
 * and the time when each frame was handed to the kernel (ns since the epoch), or `no` and why. An empty line is a sign
 * of life. Without one it ends, as it does with its stdin. AF_PACKET 17, SOCK_RAW 3; protocol 0 receives nothing.
 */
export interface Sender {
  readonly name: string;
  readonly argv: readonly string[];
  /** Succeeds where the program works, and sends nothing. */
  readonly trial: readonly string[];
}

const PYTHON = `
import sys, socket, time, signal
def now():
    return time.time_ns() if hasattr(time, "time_ns") else int(time.time() * 1000000) * 1000
source = sys.stdin.buffer
while True:
    signal.alarm(${FAR.senderSeconds})
    line = source.readline()
    if not line:
        break
    words = line.decode().split()
    if not words:
        continue
    port, gap, sizes = words[0], int(words[1]), [int(word) for word in words[2:]]
    frames = [source.read(size) for size in sizes]
    signal.alarm(${FAR.senderSeconds} + gap * len(frames) // 1000000000)
    try:
        out = socket.socket(17, 3, 0)
        out.bind((port, 0))
        begun, stamps = now(), []
        for index, frame in enumerate(frames):
            left = begun + index * gap - now()
            if left > 0:
                time.sleep(left / 1e9)
            stamps.append(str(now()))
            if out.send(frame) != len(frame):
                raise OSError("a frame was sent in part")
        out.close()
        print("ok", " ".join(stamps), flush=True)
    except OSError as error:
        print("no", error, flush=True)
`.trim();

const PERL = `
use strict; use Time::HiRes qw(clock_gettime CLOCK_REALTIME sleep); use Socket;
binmode STDIN; $| = 1;
sub now { my $t = clock_gettime(CLOCK_REALTIME); return $t }
while (1) {
  alarm ${FAR.senderSeconds};
  my $line = <STDIN>; last unless defined $line;
  my ($port, $gap, @sizes) = split ' ', $line; next unless defined $port;
  my @frames = map { my $f = ''; my $n = $_; while (length($f) < $n) { read(STDIN, $f, $n - length $f, length $f) or exit 1 } $f } @sizes;
  alarm(${FAR.senderSeconds} + int($gap * @frames / 1e9));
  my $done = eval {
    socket(my $out, 17, 3, 0) or die "socket: $!\\n";
    my $ifr = pack('a16 x24', $port);
    ioctl($out, 0x8933, $ifr) or die "$port: $!\\n";
    my $index = unpack('x16 i', $ifr);
    bind($out, pack('S n i S C C x8', 17, 0, $index, 0, 0, 0)) or die "bind: $!\\n";
    my @stamps; my $begun = now();
    for my $i (0 .. $#frames) {
      my $left = $begun + $i * $gap / 1e9 - now(); sleep($left) if $left > 0;
      push @stamps, sprintf('%.0f000', now() * 1e6);
      my $sent = send($out, $frames[$i], 0); die "send: $!\\n" unless defined $sent && $sent == length $frames[$i];
    }
    close $out; "ok @stamps";
  };
  my $why = $@; $why =~ s/\\s+/ /g;
  print defined $done ? "$done\\n" : "no $why\\n";
}
`.trim();

/** One program per frame, some ms each: no paces are kept, and none are asked for that it could not keep. */
const SOCAT = `
now() { date +%s%N; }
while read -r port gap sizes; do
  [ -n "$port" ] || continue
  r=ok
  for size in $sizes; do
    at=$(now)
    dd bs=1 count="$size" 2>/dev/null | socat -b 65536 -u STDIN "INTERFACE:$port" 2>/dev/null || { echo "no socat"; continue 2; }
    r="$r $at"
  done
  echo "$r"
done
`.trim();

/** Best first. */
export const SENDERS: readonly Sender[] = [
  {
    name: 'python3',
    argv: ['python3', '-c', PYTHON],
    trial: ['python3', '-c', 'import socket; socket.socket(17, 3, 0)'],
  },
  {
    name: 'perl',
    argv: ['perl', '-e', PERL],
    trial: ['perl', '-MTime::HiRes', '-MSocket', '-e', 'socket(my $s, 17, 3, 0) or die "socket: $!\\n"'],
  },
  {
    name: 'socat',
    argv: ['sh', '-c', SOCAT],
    // busybox's date prints %N as it is.
    trial: [
      'sh',
      '-c',
      'socat -u OPEN:/dev/null INTERFACE:lo && case $(date +%N) in *[!0-9]*) echo "date knows no nanoseconds" >&2; exit 1;; esac',
    ],
  },
];
