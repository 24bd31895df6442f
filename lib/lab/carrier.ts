import { DURATIONS } from '../durations.js';
import { LONGEST_CHANGE_MS, type Change, type CommandStep, type Step } from '../testbed/change.js';
import type { TestPort } from '../testbed/port.js';
import { until } from '../until.js';
import { patience } from './patience.js';

/** The ends of a link whose carrier is to change. */
export interface CarrierEnds {
  readonly name: string;
  readonly a: TestPort;
  readonly b: TestPort;
}

/** What a port reports that is up without carrier, or is shut (operstate of RFC 2863). */
const LOST = /^(DOWN|LOWERLAYERDOWN)$/;

interface PortState {
  /** Administratively up; whether it has carrier is another question. */
  readonly isOpen: boolean;
  /** operstate of RFC 2863. */
  readonly state: string;
}

async function stateOf({ node, name }: TestPort): Promise<PortState> {
  const { stdout } = await node.exec(['ip', '-o', 'link', 'show', 'dev', name]);
  const flags = /<([^>]*)>/.exec(stdout)?.[1]?.split(',') ?? [];
  return { isOpen: flags.includes('UP'), state: / state (\S+)/.exec(stdout)?.[1] ?? stdout.trim() };
}

/** Waits for a port to reach a state, for `Timing.linkUp` at most. */
async function awaitPort(port: TestPort, what: string, isSo: (state: PortState) => boolean): Promise<void> {
  let last = 'nothing';
  await until(
    `${port.node.name}:${port.name} ${what}`,
    patience(port.node, DURATIONS.linkUp),
    async () => {
      const seen = await stateOf(port);
      last = seen.state;
      return isSo(seen) ? true : null;
    },
    () => last,
  );
}

const set = ({ node, name }: TestPort, state: 'up' | 'down'): CommandStep => ({
  node: node.name,
  argv: ['ip', 'link', 'set', 'dev', name, state],
});

/**
 * Something between the ends of a link takes the carrier of both away. Undone, both have it, unless one of them is shut.
 *
 * @param mend gets what waits for the carriers
 */
export function cutBetween(
  name: string,
  { a, b }: CarrierEnds,
  { cut, mend }: { readonly cut: () => Promise<void>; readonly mend: (seen: () => Promise<unknown>) => Promise<void> },
): Change {
  const ends = [a, b];
  const lost: Step = {
    what: 'both ends to lose their carrier',
    run: () => Promise.all(ends.map((port) => awaitPort(port, 'to lose its carrier', ({ state }) => LOST.test(state)))),
  };
  const found = async () => {
    const states = await Promise.all(ends.map(stateOf));
    if (states.some(({ isOpen }) => !isOpen)) return;
    await Promise.all(ends.map((port) => awaitPort(port, 'to have carrier', ({ state }) => state === 'UP')));
  };
  return {
    name,
    steps: [{ what: 'the carrier to be taken', run: cut }, lost],
    undo: [{ what: 'the carrier to be given back', run: () => mend(found) }],
    maxMs: LONGEST_CHANGE_MS,
  };
}

/**
 * One end of a link is set down on its own machine, so that the other end loses its carrier. Undone, it is up, and both
 * ends have carrier, unless something else has shut the other one. For ends on Linux machines.
 */
export function shutChange(name: string, { a, b }: CarrierEnds, end: 'a' | 'b'): Change {
  const [near, far] = end === 'a' ? [a, b] : [b, a];
  const lost: Step = {
    what: `${far.node.name}:${far.name} to lose its carrier`,
    run: () =>
      Promise.all([
        awaitPort(near, 'to be shut', ({ isOpen }) => !isOpen),
        awaitPort(far, 'to lose its carrier', ({ state }) => LOST.test(state)),
      ]),
  };
  const found: Step = {
    what: 'both ends to have carrier',
    async run() {
      if (!(await stateOf(far)).isOpen) return;
      await Promise.all([near, far].map((port) => awaitPort(port, 'to have carrier', ({ state }) => state === 'UP')));
    },
  };
  return { name, steps: [set(near, 'down'), lost], undo: [set(near, 'up'), found], maxMs: LONGEST_CHANGE_MS };
}
