import { createCaptureParser } from '../pcap/parser.js';
import { controlFrame } from '../wire/control.js';
import type { FrameBytes } from '../wire/frame.js';
import { need } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import type { LiveTap, TestPort } from '../testbed/port.js';
import { labCheck, must, mustEqual, type Check } from './check.js';

const SALT = 0x00c0ffee;
/** In the range that no bridge forwards (IEEE 802.1Q 8.6.3). */
const DESTINATION = '01:80:c2:00:00:0f';
const FRAMES = 200;

const frame = (from: TestPort, id: number): FrameBytes =>
  controlFrame({ source: from.mac, destination: DESTINATION, salt: SALT, id });

interface Opened {
  readonly tap: LiveTap;
  /** Every whole frame so far, hex, in order; null where the capture is damaged. */
  readonly frames: () => readonly string[] | null;
  readonly hasEnded: () => boolean;
}

async function openTap(port: TestPort, direction: 'in' | 'out'): Promise<Opened> {
  const seen: string[] = [];
  let ended = false;
  const parser = createCaptureParser({
    frame: (bytes, start, captured) =>
      void seen.push(Buffer.from(bytes.subarray(start, start + captured)).toString('hex')),
  });
  const sink = { write: (chunk: Uint8Array) => parser.push(chunk), end: () => void (ended = true) };
  const tap = await need(port.tap).open({ direction, salt: SALT, sink });
  must(tap.ready !== null, `the capture on ${port.node.name}:${port.name} never said that it listens`);
  return { tap, frames: () => (parser.isDamaged() ? null : seen), hasEnded: () => ended };
}

/**
 * Sends one way over a link, from canary to fence, and checks that the capture at the other end earns its certificate.
 */
async function carries(lab: Lab, from: TestPort, to: TestPort): Promise<void> {
  const way = `${from.node.name}:${from.name} to ${to.node.name}:${to.name}`;
  const { tap, frames, hasEnded } = await openTap(to, 'in');
  const send = need(from.inject);
  const before = BigInt(await lab.now());
  const sent = Array.from({ length: FRAMES }, (_, id) => frame(from, id + 1));
  await send([frame(from, FRAMES + 1)]);
  must(await tap.seen(FRAMES + 1, lab.timing.controlFrame), `${way}: the canary was not captured`);
  const times = await send(sent);
  mustEqual(times.length, FRAMES, `${way}: times of sending`);
  const after = BigInt(await lab.now());
  const { errorNs } = await from.node.clock.offset();
  must(
    times.every((at) => BigInt(at) >= before - errorNs && BigInt(at) <= after + errorNs),
    `${way}: frames were not sent when they are said to be`,
  );
  await send([frame(from, FRAMES + 2)]);
  mustEqual(await tap.missing([FRAMES + 2], lab.timing.controlFrame), [], `${way}: the fence is missing`);
  const counters = await tap.stop();
  must(hasEnded(), `${way}: the sink was not told of the end`);
  mustEqual(
    [counters.droppedByKernel, counters.droppedByInterface, counters.portDrops],
    [0, 0, 0],
    `${way}: frames that were dropped`,
  );
  must((counters.receivedByFilter ?? 0) >= FRAMES + 2, `${way}: tcpdump received ${String(counters.receivedByFilter)}`);
  const own = (frames() ?? []).filter((hex) => hex.slice(12, 24) === from.mac.replaceAll(':', ''));
  const wanted = [frame(from, FRAMES + 1), ...sent, frame(from, FRAMES + 2)].map((one) =>
    Buffer.from(one).toString('hex'),
  );
  must(
    own.join() === wanted.join(),
    `${way}: ${own.length} frames were captured of ${wanted.length}, or in another order or form`,
  );
}

export const FRAME_CHECKS: readonly Check[] = [
  labCheck('what goes into one end of a leg comes out at the other, and the capture there proves it', async (lab) => {
    for (const { name } of lab.topology.legs) {
      const { a, b } = lab.link(name);
      await carries(lab, a, b);
      await carries(lab, b, a);
    }
  }),
  labCheck('a capture of one direction holds nothing of the other', async (lab) => {
    const [leg] = lab.topology.legs;
    must(leg !== undefined, 'the topology has no leg');
    const { a, b } = lab.link(leg?.name ?? '');
    const taps = { in: await openTap(b, 'in'), out: await openTap(b, 'out') };
    // What a sends comes in at b, what b sends goes out there.
    for (const direction of ['in', 'out'] as const) {
      const from = direction === 'in' ? a : b;
      await need(from.inject)([frame(from, direction === 'in' ? 1 : 2)]);
    }
    must(await taps.in.tap.seen(1, lab.timing.controlFrame), 'what came in is not in the capture of that direction');
    must(await taps.out.tap.seen(2, lab.timing.controlFrame), 'what went out is not in the capture of that direction');
    for (const { tap } of Object.values(taps)) await tap.stop();
    mustEqual(await taps.in.tap.missing([2], 0), [2], 'what went out, in the capture of what came in');
    mustEqual(await taps.out.tap.missing([1], 0), [1], 'what came in, in the capture of what went out');
  }),
];
