import { VIRTIO_LEGS } from '../topology/virtio.js';

/** One of the two NICs at the ends of a cable that is outside of the machine. */
export interface CableEnd {
  readonly cable: number;
  /** As those of a leg: `a` is the host's. */
  readonly end: 'a' | 'b';
  /** Of the NIC, while no lab has it. */
  readonly name: string;
  /** Name of the NIC at the other end. */
  readonly other: string;
}

const nameOf = (cable: number, end: 'a' | 'b') => `cable${cable}${end}`;

/** The NIC at one end of the cable with this number. */
export const cableEnd = (cable: number, end: 'a' | 'b'): CableEnd => ({
  cable,
  end,
  name: nameOf(cable, end),
  other: nameOf(cable, end === 'a' ? 'b' : 'a'),
});

export const cableEnds = (): readonly CableEnd[] =>
  Array.from({ length: VIRTIO_LEGS }, (_, cable) => [cableEnd(cable, 'a'), cableEnd(cable, 'b')]).flat();

/** Cables outside of the machine of a lab: number n is the leg with that number. */
export interface Cables {
  /** The NIC at this end has its link, or has none. */
  setLink(cable: number, end: 'a' | 'b', isUp: boolean): Promise<void>;
  /** Frames so far that were on their way to the NIC at this end, and were dropped outside; null where nobody knows. */
  dropped(cable: number, end: 'a' | 'b'): number | null;
}
