import { flowPathsOf } from '../stimulus/flowPath.js';
import type { Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import { withTags } from '../wire/ethernet.js';
import type { FrameBytes } from '../wire/frame.js';
import { need, offer } from './capability.js';
import { LONGEST_CHANGE_MS } from './change.js';
import type { Detour, Lab } from './lab.js';
import type { Inject, TestPort } from './port.js';

/** Adds the tags with which frames of a sender come to a leaf, where the host's switch would add them. */
function onTheWire(topology: Topology, node: string, frames: readonly FrameBytes[]): readonly FrameBytes[] {
  const sender = sendersOf(topology).find((one) => one.node === node);
  const [path] = sender === undefined ? [] : flowPathsOf(topology, sender);
  if (path === undefined || path.sentTags.length > 0) return frames;
  return frames.map((frame) => withTags(frame, path.wireTags));
}

/**
 * A lab on machines that are as they were found. Crafted frames can be led another way there: something wrong that needs no
 * change of any machine.
 */
export function asFound(lab: Lab): Lab {
  const { topology } = lab;
  const [leg] = topology.legs;
  let way: Detour | null = null;
  const led = (port: TestPort, send: Inject): Inject => {
    return async (frames, rate) => {
      if (way === null || leg === undefined) return send(frames, rate);
      const out = need(lab.port(topology.host.node, leg.hostPort).inject);
      const past = onTheWire(topology, port.node.name, frames);
      if (way === 'one-leg') return out(past, rate);
      const times = await send(frames, rate);
      await out(past, rate);
      return times;
    };
  };
  const set = (to: Detour | null) => ({ what: 'frames to be led', run: () => Promise.resolve((way = to)) });
  return {
    ...lab,
    isAsFound: true,
    port(node, name) {
      const port = lab.port(node, name);
      const isSenders = sendersOf(topology).some((sender) => sender.node === node && sender.nic === name);
      return isSenders && port.inject.ok ? { ...port, inject: offer(led(port, port.inject.use)) } : port;
    },
    detour: (to) => ({
      name: `crafted frames are led ${to === 'again' ? 'out of a leg once more' : 'out of one leg alone'}`,
      steps: [set(to)],
      undo: [set(null)],
      maxMs: LONGEST_CHANGE_MS,
    }),
  };
}
