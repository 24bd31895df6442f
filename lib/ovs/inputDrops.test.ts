import { expect, test } from '@playwright/test';
import { inputDropsIn } from './inputDrops.js';

/** As ss of iproute2 6.1 writes it. */
const socket = (
  owner: string,
  inode: number,
  drops: string,
) => `p_raw 0      0      *:up-a * users:(("${owner}",pid=6,fd=4)) ino:${inode} sk:15f6
	ver:2 cpy_thresh:0 flags( running auxdata )
	ring_rx(blk_size:262144,blk_nr:8,frm_size:262144,frm_nr:8,tmo:1000,features:0x0)${drops}
`;
const skmem = (dropped: number) => ` skmem:(r0,rb212992,t0,tb212992,f0,w0,o136,bl0,d${dropped})`;

test("sockets of the switch are told with what they lost, and nobody else's", () => {
  expect(
    inputDropsIn(
      socket('ovs-vswitchd', 11, skmem(0)) + socket('tcpdump', 12, skmem(9)) + socket('ovs-vswitchd', 13, skmem(407)),
    ),
  ).toEqual([
    { id: 11, dropped: 0 },
    { id: 13, dropped: 407 },
  ]);
  expect(inputDropsIn('')).toEqual([]);
});

test('a kernel that does not count is not taken for one that lost nothing', () => {
  expect(inputDropsIn(socket('ovs-vswitchd', 11, ''))).toBeNull();
  expect(inputDropsIn(socket('tcpdump', 11, ''))).toEqual([]);
});
