import { madeUpChains } from './madeUpChains.js';
import { labPorts, named, type PortMeans } from '../ports.js';
import { nodeNames } from '../links.js';
import type { Nanoseconds } from '../../evidence/types.js';
import type { Topology } from '../../topology/model.js';
import { createChanges } from '../../testbed/apply.js';
import { lacking } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Timing } from '../../testbed/timing.js';
import type { CommandResult, ExecOptions, Node } from '../../testbed/node.js';

export interface MadeUp {
  readonly topology: Topology;
  /** What commands on nodes do; by default nothing, with success, but that nft knows the chains that it was told. */
  readonly exec?: (node: string, argv: readonly string[], options?: ExecOptions) => Partial<CommandResult>;
  /** By default a clock that counts how often it was read. */
  readonly now?: () => Nanoseconds;
  /** How frames go out of ports and are captured; by default they do not. */
  readonly means?: PortMeans;
}

/** Everything is done at once, or soon. */
const TIMING: Timing = {
  poll: 1,
  command: 1_000,
  processStop: 1_000,
  daemonStart: 1_000,
  linkUp: 1_000,
  captureReady: 1_000,
  controlFrame: 1_000,
  lateBandFloor: 1,
  lateBandFactor: 1,
  lateFloor: 1,
  edgeBandFloor: 1,
  edgeBandFactor: 1,
};

const notHere = (what: string) => lacking({ what, command: 'none', output: 'this lab is made up' });

const noMeans: PortMeans = () => ({ inject: notHere('injection'), tap: notHere('a capture') });

/**
 * A lab for unit tests: it has the topology's nodes, ports and links, with made-up commands, and it makes changes as
 * every lab does.
 */
export function madeUpLab({ topology, exec = () => ({}), now, means = noMeans }: MadeUp): Lab {
  let reads = 0;
  const chains = madeUpChains();
  const tick = () => Promise.resolve(now?.() ?? String(++reads));
  const nodes = nodeNames(topology).map((name): Node => {
    const refuse = () => Promise.reject(new Error(`${name} is made up`));
    return {
      name,
      clock: { id: 'made up', now: tick, offset: () => Promise.resolve({ ns: 0n, errorNs: 0n }) },
      scratch: `/made/up/${name}`,
      exec: (argv, options) =>
        Promise.resolve({
          code: 0,
          signal: null,
          stdout: '',
          stderr: '',
          ...chains(name, argv, options),
          ...exec(name, argv, options),
        }),
      spawn: refuse,
      deploy: () => Promise.resolve(notHere('programs')),
      terminal: notHere('a terminal'),
      shortcuts: {},
    };
  });
  const node = (name: string) => named(nodes, name, 'node', (one) => one.name);
  const changes = createChanges({ now: tick, run: (step) => node(step.node).exec(step.argv, step) });
  return {
    topology,
    freshness: 'new',
    lease: null,
    timing: TIMING,
    nodes,
    node,
    ...labPorts(topology, node, means),
    now: tick,
    apply: (change) => changes.apply(change),
    reset: () => changes.undoAll(),
    [Symbol.asyncDispose]: () => changes.undoAll(),
  };
}
