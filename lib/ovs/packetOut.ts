import type { FrameBytes } from '../wire/frame.js';
import { BRIDGE } from './bridge.js';
import type { OvsSwitch } from './switch.js';

const hex = (frame: FrameBytes) => Buffer.from(frame).toString('hex');

/** Hands frames to the stack of the switch's node, as if they had come in at another port. */
export async function packetOut(ovs: OvsSwitch, frames: readonly FrameBytes[]): Promise<void> {
  const lines = frames.map((frame) => `packet-out in_port=CONTROLLER packet=${hex(frame)} actions=LOCAL\n`);
  await ovs.ofctl(['-O', 'OpenFlow14', 'bundle', BRIDGE, '-'], lines.join(''));
}
