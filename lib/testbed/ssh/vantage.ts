import type { Clock } from '../clock.js';
import { TestbedError } from '../error.js';
import type { Node, Process } from '../node.js';
import type { TapSource } from '../port.js';
import { openClock, type MachineClock } from './clock.js';
import { countLosses, type LossCommand } from './losses.js';
import type { FarMachine } from './machine.js';
import { farNode } from './node.js';
import { startFar, type FarPlace } from './process.js';
import { openShells } from './shell.js';
import { farTap } from './tap.js';
import { FAR_TIMING } from './timing.js';
import type { VantagePlace } from './vantagePlaces.js';

/** The places where a lab's leaves are captured. Nothing is changed there: a port is listened at. */
export interface Vantages extends AsyncDisposable {
  /** By leaf: the clock that stamps its frames; only where that is not its own machine's. */
  readonly clocks: ReadonlyMap<string, Clock>;
  /** Where the frames of a leaf are captured, given its own port. */
  tap(leaf: Node, own: TapSource): TapSource;
}

export interface VantageUse {
  /** All that are logged in to, by name. */
  readonly machines: ReadonlyMap<string, FarMachine>;
  /** Clocks that are measured already, by the machine's name. */
  readonly clocks: ReadonlyMap<string, MachineClock>;
  /** Awaited before anything is run. Throws where nothing may be touched any more. */
  readonly step: () => Promise<void>;
  /** Throws where the lab is no longer whole. */
  readonly well: () => void;
}

/** Throws SshError where a clock cannot be measured. */
export async function openVantages(places: readonly VantagePlace[], use: VantageUse): Promise<Vantages> {
  const { step, well } = use;
  const machineNamed = (name: string): FarMachine => {
    const machine = use.machines.get(name);
    if (machine === undefined) throw new TestbedError(`nobody has logged in to ${name}`);
    return machine;
  };
  const elsewhere = places.flatMap(({ leaf, at }) => (at === null ? [] : [{ leaf, ...at }]));
  const clocks = new Map(use.clocks);
  await Promise.all(
    [...new Set(elsewhere.map(({ machine }) => machine))].map(async (name) => {
      if (!clocks.has(name)) clocks.set(name, await openClock(machineNamed(name).connection));
    }),
  );
  const stands = new Map(
    elsewhere.map(({ leaf, machine, port }) => {
      const clock = clocks.get(machine) as MachineClock;
      const stand = openStand(machineNamed(machine), clock, step);
      return [leaf, { ...stand, clock, tap: farTap(stand.node, port, clock, () => stand.well(well)) }];
    }),
  );
  const commandsOf = (leaf: Node): readonly LossCommand[] => {
    const place = places.find((one) => one.leaf === leaf.name);
    return (place?.losses ?? []).map(({ machine, argv }) => {
      const on = machine ?? place?.at?.machine;
      // Its own ports are in a namespace of the lab.
      if (on === undefined) return { machine: leaf.name, argv, run: () => leaf.exec(argv, { mayFail: true }) };
      return {
        machine: on,
        argv,
        async run() {
          await step();
          return machineNamed(on).run({ argv, asRoot: true }, FAR_TIMING.command);
        },
      };
    });
  };
  return {
    clocks: new Map([...stands].map(([leaf, { clock }]) => [leaf, clock])),
    tap: (leaf, own) => countLosses(stands.get(leaf.name)?.tap ?? own, commandsOf(leaf)),
    async [Symbol.asyncDispose]() {
      await Promise.all([...stands.values()].map((stand) => stand.close()));
    },
  };
}

/** A machine as it is, with its own network, for captures. */
function openStand(machine: FarMachine, clock: MachineClock, step: () => Promise<void>) {
  const shells = openShells(machine, machine.name, []);
  const processes = new Set<Process>();
  const place: FarPlace = {
    machine,
    enter: [],
    // Nothing is ever put there.
    scratch: '',
    nextId: () => 0,
    signalTo: async (signal, number) =>
      shells.run({ argv: ['kill', '-s', signal, number], env: {}, input: null, timeoutMs: FAR_TIMING.command }),
  };
  const node = farNode(machine.name, place, clock, shells, { step, onProcess: () => undefined });
  return {
    node: {
      ...node,
      async spawn(argv: readonly string[], options = {}) {
        await step();
        // With an input of its own it needs no pipe, and so no file.
        const process = await startFar(place, argv, { input: '', ...options });
        processes.add(process);
        void process.ended.then(() => processes.delete(process));
        return process;
      },
    } satisfies Node,
    well(lab: () => void): void {
      lab();
      const lost = machine.lost();
      if (lost !== null) throw lost;
    },
    async close(): Promise<void> {
      // Nothing but we ends them: there is no namespace that would be taken away.
      await Promise.all([...processes].map((process) => process.stop('SIGKILL')));
      await shells[Symbol.asyncDispose]();
    },
  };
}
