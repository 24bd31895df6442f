/**
 * Sends frames in the guest by AF_PACKET, from commands on its standard input, one a line:
 *
 * - `send DEVICE HEX`: prints the time before it. A macvtap is written to, as QEMU does it: behind ten bytes of a virtio
 *   header (drivers/net/tap.c, vnet_hdr_sz)
 * - `wait FILE HEX`: until the file holds these bytes; ends with code 3 if it never does
 * - `settle MS`
 * - `time`: prints the time
 * - `run FILE`: a script of the shell, in the namespace that it is in itself; ends where that fails
 *
 * It needs no module but POSIX, of Debian's perl-base. Protocol 0 of the address (packet(7)) lets the kernel read the
 * EtherType from the frame, as for a frame of its own.
 */
export const SENDER = String.raw`use strict;
my ($AF_PACKET, $SOCK_RAW, $CLOCK_GETTIME, $CLOCK_REALTIME) = (17, 3, 228, 0);
my $PACE = 0.002;
my $PATIENCE = 20;
socket(my $socket, $AF_PACKET, $SOCK_RAW, 0) or die "socket: $!\n";
my (%index, %tap);
sub clock_now {
  my $time = pack 'q2', 0, 0;
  syscall($CLOCK_GETTIME, $CLOCK_REALTIME, $time) == 0 or die "clock: $!\n";
  my ($seconds, $nanos) = unpack 'q2', $time;
  return sprintf '%d%09d', $seconds, $nanos;
}
sub index_of {
  my ($device) = @_;
  open my $file, '<', "/sys/class/net/$device/ifindex" or die "no device $device\n";
  return $index{$device} //= int <$file>;
}
sub write_to {
  my ($device, $frame) = @_;
  unless ($tap{$device}) {
    open $tap{$device}, '+<:raw', '/dev/tap' . index_of($device) or die "no tap of $device\n";
  }
  return (syswrite($tap{$device}, "\0" x 10 . $frame) // 0) - 10;
}
sub holds {
  my ($name, $bytes) = @_;
  open my $file, '<:raw', $name or return 0;
  local $/;
  return index(<$file> // '', $bytes) >= 0;
}
while (my $line = <STDIN>) {
  my ($command, $where, $hex) = split ' ', $line;
  if ($command eq 'send') {
    my $address = pack 'S n l S C C a8', $AF_PACKET, 0, index_of($where), 0, 0, 0, '';
    my $frame = pack 'H*', $hex;
    my $now = clock_now();
    my $sent = $where =~ /^macvtap/ ? write_to($where, $frame) : send($socket, $frame, 0, $address) // 0;
    $sent == length $frame or die "send on $where: $!\n";
    print "$now\n";
    select undef, undef, undef, $PACE;
  } elsif ($command eq 'wait') {
    my $until = time + $PATIENCE;
    until (holds($where, pack 'H*', $hex)) {
      exit 3 if time > $until;
      select undef, undef, undef, 0.02;
    }
  } elsif ($command eq 'settle') {
    select undef, undef, undef, $where / 1000;
  } elsif ($command eq 'time') {
    print clock_now(), "\n";
  } elsif ($command eq 'run') {
    system('sh', $where) == 0 or die "$where ended with code ", $? >> 8, "\n";
  }
}
`;
