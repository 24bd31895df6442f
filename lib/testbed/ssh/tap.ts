import { openLiveTap } from '../../capture/live.js';
import { shiftStamps } from '../../pcap/shiftStamps.js';
import type { Node } from '../node.js';
import type { TapSource } from '../port.js';
import type { MachineClock } from './clock.js';
import { FAR, FAR_TIMING } from './timing.js';

/**
 * Captures a port by tcpdump, streamed through ssh, and moves its stamps to the lab's clock.
 *
 * @param well throws where the lab is no longer whole; asked at the end
 */
export function farTap(node: Node, port: string, clock: MachineClock, well: () => void): TapSource {
  return {
    async open({ direction, salt, sink }) {
      const shifter = shiftStamps(clock.aheadNs);
      const moved = {
        write: (chunk: Uint8Array) => sink.write(shifter.push(chunk)),
        end() {
          sink.write(shifter.end());
          sink.end();
        },
      };
      const tap = await openLiveTap(node, port, { direction, salt, sink: moved }, FAR_TIMING, FAR.ringKib);
      return {
        ...tap,
        async stop() {
          const counters = await tap.stop();
          await clock.check();
          well();
          return counters;
        },
      };
    },
  };
}
