import { lacking, need, offer } from '../../testbed/capability.js';
import type { Change } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import type { Inject, TapSource, TestPort } from '../../testbed/port.js';
import type { Testbed } from '../../testbed/testbed.js';
import type { FrameBytes } from '../../wire/frame.js';
import { withLab, withLink, withNode, withPort } from './broken.js';

/** A testbed that does one thing wrong, and the check that must notice. */
export interface Sabotage {
  readonly what: string;
  /** The beginning of the check's name. */
  readonly caughtBy: string;
  readonly broken: (testbed: Testbed) => Testbed;
}

const CARRIES = 'what goes into one end of a leg';
const ONE_WAY = 'a capture of one direction';
const BYTES = 'bytes come and go unchanged';
const UNDONE = 'a change is made and undone';
const CLOCK = 'the clock of each node';

const node = (what: string, caughtBy: string, broken: (node: Node) => Node): Sabotage => ({
  what,
  caughtBy,
  broken: (testbed) => withLab(testbed, (lab) => withNode(lab, broken)),
});

const sending = (what: string, broken: (inject: Inject) => Inject): Sabotage => ({
  what,
  caughtBy: CARRIES,
  broken: (testbed) =>
    withLab(testbed, (lab) => withPort(lab, (port) => ({ ...port, inject: offer(broken(need(port.inject))) }))),
});

const tapping = (what: string, caughtBy: string, broken: (tap: TapSource) => TapSource): Sabotage => ({
  what,
  caughtBy,
  broken: (testbed) =>
    withLab(testbed, (lab) => withPort(lab, (port) => ({ ...port, tap: offer(broken(need(port.tap))) }))),
});

const changing = (what: string, caughtBy: string, broken: (lab: Lab) => Lab['apply']): Sabotage => ({
  what,
  caughtBy,
  broken: (testbed) => withLab(testbed, (lab) => ({ ...lab, apply: broken(lab) })),
});

/** Only when several are sent, so that canaries and fences are left alone. */
const inTheMiddle = (frames: readonly FrameBytes[], put: (frame: FrameBytes) => readonly FrameBytes[]) =>
  frames.length < 3 ? frames : frames.flatMap((frame, at) => (at === 1 ? put(frame) : [frame]));

/** Makes a change without keeping a list of what is in force. */
async function carelessly(lab: Lab, change: Change): ReturnType<Lab['apply']> {
  const take = async (steps: Change['steps']) => {
    const fromNs = await lab.now();
    for (const step of steps) await ('argv' in step ? lab.node(step.node).exec(step.argv, step) : step.run());
    return { fromNs, toNs: await lab.now() };
  };
  const edge = await take(change.steps);
  let undone: ReturnType<typeof take> | undefined;
  const undo = () => (undone ??= take(change.undo));
  return {
    change,
    edge,
    undo,
    async [Symbol.asyncDispose]() {
      await undo();
    },
  };
}

const altered = (frame: FrameBytes): FrameBytes => Uint8Array.from(frame, (byte, at) => (at === 20 ? byte ^ 1 : byte));
const foreign = (port: TestPort): TestPort => ({ ...port, mac: '02:00:00:ff:ff:01' });
const LACK = { what: 'sending', command: 'none', output: 'none' };

export const SABOTAGES: readonly Sabotage[] = [
  sending('a frame is lost', (inject) => async (frames, rate) => {
    const times = await inject(
      inTheMiddle(frames, () => []),
      rate,
    );
    return frames.map((_, at) => times[at] ?? times.at(-1) ?? '0');
  }),
  sending(
    'a frame is sent twice',
    (inject) => async (frames, rate) =>
      (
        await inject(
          inTheMiddle(frames, (one) => [one, one]),
          rate,
        )
      ).slice(0, frames.length),
  ),
  sending(
    'a byte is changed',
    (inject) => (frames, rate) =>
      inject(
        inTheMiddle(frames, (one) => [altered(one)]),
        rate,
      ),
  ),
  sending('frames are sent in another order', (inject) => (frames, rate) => inject([...frames].reverse(), rate)),
  sending(
    'nobody knows when frames were sent',
    (inject) => async (frames, rate) => (await inject(frames, rate)).map(() => '0'),
  ),
  tapping('the wrong direction is captured', ONE_WAY, (tap) => ({
    open: (options) => tap.open({ ...options, direction: options.direction === 'in' ? 'out' : 'in' }),
  })),
  tapping('a capture that lost frames', CARRIES, (tap) => ({
    async open(options) {
      const live = await tap.open(options);
      return { ...live, stop: async () => ({ ...(await live.stop()), droppedByKernel: 3 }) };
    },
  })),
  tapping('a capture that never listened', CARRIES, (tap) => ({
    open: async (options) => ({ ...(await tap.open(options)), ready: null }),
  })),
  tapping('bytes of a capture are swallowed', CARRIES, (tap) => ({
    open: (options) => tap.open({ ...options, sink: { write: () => undefined, end: () => options.sink.end() } }),
  })),
  tapping('the sink is not told of the end', CARRIES, (tap) => ({
    open: (options) =>
      tap.open({ ...options, sink: { write: (chunk) => options.sink.write(chunk), end: () => undefined } }),
  })),
  node('stdout goes through text', BYTES, (one) => ({
    ...one,
    spawn(argv, options = {}) {
      const { onBytes } = options;
      if (onBytes === undefined) return one.spawn(argv, options);
      return one.spawn(argv, { ...options, onBytes: (chunk) => onBytes(Buffer.from(Buffer.from(chunk).toString())) });
    },
  })),
  node('the end of stdout is lost', BYTES, (one) => ({
    ...one,
    spawn(argv, options = {}) {
      const { onBytes } = options;
      let taken = 0;
      return onBytes === undefined
        ? one.spawn(argv, options)
        : one.spawn(argv, { ...options, onBytes: (chunk) => (taken += chunk.length) < 100_000 && onBytes(chunk) });
    },
  })),
  node('a command has no environment', 'a command has its environment', (one) => ({
    ...one,
    exec: (argv, options) => one.exec(argv, { ...options, env: {} }),
  })),
  node('a command has no input', 'a command has its environment', (one) => ({
    ...one,
    exec: (argv, options) => one.exec(argv, { ...options, input: '' }),
  })),
  node('a command that fails says nothing', 'a command that fails says so', (one) => ({
    ...one,
    exec: (argv, options) => one.exec(argv, { ...options, mayFail: true }),
  })),
  node('a command that fails is reported in a form that cannot be pasted', 'a command that fails says so', (one) => ({
    ...one,
    exec: (argv, options) =>
      one.exec(argv, options).catch(() => {
        throw new Error(`on ${one.name}: ${argv.join(' ')} ended with code 3: it's broken`);
      }),
  })),
  node('a command goes on', 'a command that does not end', (one) => ({
    ...one,
    exec: (argv, options) => one.exec(argv[0] === 'sleep' ? ['true'] : argv, options),
  })),
  node('a process is killed at once', 'a process says its lines', (one) => ({
    ...one,
    async spawn(argv, options) {
      const process = await one.spawn(argv, options);
      return { ...process, stop: () => process.stop('SIGKILL') };
    },
  })),
  node('a quick way does something else', 'files and settings', (one) => ({
    ...one,
    shortcuts: { ...one.shortcuts, sysctl: () => Promise.resolve() },
  })),
  node('a clock is a second off', CLOCK, ({ clock, ...one }) => ({
    ...one,
    clock: { ...clock, now: async () => String(BigInt(await clock.now()) + 1_000_000_000n) },
  })),
  node('a clock is said to be off, and is not', CLOCK, ({ clock, ...one }) => ({
    ...one,
    clock: { ...clock, offset: () => Promise.resolve({ ns: 1_000_000_000n, errorNs: 0n }) },
  })),
  {
    what: 'a port has another MAC',
    caughtBy: 'every port has its MAC',
    broken: (testbed) => withLab(testbed, (lab) => withPort(lab, foreign)),
  },
  {
    what: 'a cut does nothing',
    caughtBy: 'each leg can be cut and shut',
    broken: (testbed) =>
      withLab(testbed, (lab) =>
        withLink(lab, (link) => ({ ...link, cut: offer(() => ({ ...need(link.cut)(), steps: [] })) })),
      ),
  },
  {
    what: 'a link that was cut stays cut',
    caughtBy: 'each leg can be cut and shut',
    broken: (testbed) =>
      withLab(testbed, (lab) =>
        withLink(lab, (link) => ({ ...link, cut: offer(() => ({ ...need(link.cut)(), undo: [] })) })),
      ),
  },
  changing('the undo is forgotten', UNDONE, (lab) => (change) => lab.apply({ ...change, undo: [] })),
  changing('nothing is changed', UNDONE, (lab) => (change) => lab.apply({ ...change, steps: [] })),
  changing('an edge is reported on another clock', UNDONE, (lab) => async (change) => {
    const applied = await lab.apply(change);
    return { ...applied, edge: { fromNs: '1', toNs: '2' } };
  }),
  changing(
    'a change that is half made stays',
    'a change that fails half-way',
    (lab) => (change) => carelessly(lab, change),
  ),
  changing(
    'what is in force is not undone',
    'what is in force when a lab is taken down',
    (lab) => (change) => carelessly(lab, change),
  ),
  {
    what: 'a lab is not reset',
    caughtBy: 'a lab that is reset',
    broken: (testbed) => withLab(testbed, (lab) => ({ ...lab, reset: () => Promise.resolve() })),
  },
  {
    what: 'a lab is not taken down',
    caughtBy: 'a lab that is gone',
    broken: (testbed) => withLab(testbed, (lab) => ({ ...lab, [Symbol.asyncDispose]: () => Promise.resolve() })),
  },
  {
    what: 'a need is not met, and nobody says so',
    caughtBy: 'what is needed is there',
    broken: (testbed) => withLab(testbed, (lab) => withPort(lab, (port) => ({ ...port, inject: lacking(LACK) }))),
  },
];
