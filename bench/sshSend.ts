/** `sshSend PORT FRAMES RATE`: sends ARP requests out of a port of the network that it is started in, and prints the rate. */
import { openPacketSender, sendFrame, EAGAIN, ENOBUFS } from '../lib/agent/sys.js';

const [port = '', count = '', rate = ''] = process.argv.slice(2);
const frame = Buffer.alloc(60);
Buffer.from('ffffffffffff0200000000aa08060001080006040001', 'hex').copy(frame);
const fd = openPacketSender(port);
const start = process.hrtime.bigint();
const gapNs = 1e9 / Number(rate);
for (let sent = 0; sent < Number(count);) {
  // No timer is as fine: it spins.
  while (Number(process.hrtime.bigint() - start) < sent * gapNs);
  const errno = sendFrame(fd, frame);
  if (errno === 0) sent++;
  else if (errno !== EAGAIN && errno !== ENOBUFS) throw new Error(`send: errno ${errno}`);
}
process.stdout.write(`${Math.round(Number(count) / (Number(process.hrtime.bigint() - start) / 1e9))}\n`);
