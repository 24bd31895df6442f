import { mapOffer, offer, type Offer } from '../testbed/capability.js';
import type { Cables } from '../testbed/cables.js';
import type { Change } from '../testbed/change.js';
import type { Link, TapSource } from '../testbed/port.js';
import { cutBetween, shutChange, type CarrierEnds } from './carrier.js';

/** What was dropped outside on its way to a port was never there for the capture: drops of the port, as far as anyone can tell. */
function countingDrops(source: Offer<TapSource>, dropped: () => number | null): Offer<TapSource> {
  return mapOffer(source, (inner) => ({
    async open(options) {
      const before = dropped();
      const live = await inner.open(options);
      return {
        ...live,
        async stop() {
          const { portDrops, ...counters } = await live.stop();
          const after = dropped();
          const isKnown = portDrops !== null && before !== null && after !== null;
          return { ...counters, portDrops: isKnown ? portDrops + after - before : null };
        },
      };
    },
  }));
}

/** The NIC at the other end notices nothing of what a machine does to its own: its link is taken, too. */
function withFarEnd(change: Change, set: (isUp: boolean) => Promise<void>): Change {
  const [near, ...rest] = change.steps;
  const [open, ...found] = change.undo;
  return {
    ...change,
    steps: [
      ...(near === undefined ? [] : [near]),
      { what: 'the NIC at the other end to lose its link', run: () => set(false) },
      ...rest,
    ],
    undo: [
      ...(open === undefined ? [] : [open]),
      { what: 'the NIC at the other end to have its link', run: () => set(true) },
      ...found,
    ],
  };
}

/** A leg that is a cable between two NICs of the machine. */
export function cableLink(cables: Cables, cable: number, { name, a, b }: CarrierEnds): Link {
  const counted = {
    a: { ...a, tap: countingDrops(a.tap, () => cables.dropped(cable, 'a')) },
    b: { ...b, tap: countingDrops(b.tap, () => cables.dropped(cable, 'b')) },
  };
  const ends = { name, ...counted };
  const setBoth = async (isUp: boolean) => {
    for (const end of ['a', 'b'] as const) await cables.setLink(cable, end, isUp);
  };
  return {
    ...ends,
    cut: offer(() =>
      cutBetween(`${name}: the cable is out`, ends, {
        cut: () => setBoth(false),
        async mend(seen) {
          await setBoth(true);
          await seen();
        },
      }),
    ),
    shut: offer((end) =>
      withFarEnd(shutChange(`${name}: ${ends[end].name} is shut`, ends, end), (isUp) =>
        cables.setLink(cable, end === 'a' ? 'b' : 'a', isUp),
      ),
    ),
  };
}
