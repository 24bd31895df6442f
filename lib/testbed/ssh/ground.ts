import type { LabPorts, PortMeans } from '../../lab/ports.js';
import type { Topology } from '../../topology/model.js';
import type { Lack } from '../capability.js';
import type { Change } from '../change.js';
import type { Node } from '../node.js';
import type { TestPort } from '../port.js';
import type { MachineFacts } from './facts.js';
import type { LabNames, Share } from './wiring.js';

/** Facts of each machine, by its name. */
export type FactsOf = ReadonlyMap<string, MachineFacts>;

/** What a lab stands on: machines on which it builds everything, or ones that are what they are. */
export interface Ground {
  /** Looks at a machine until its ports can be used. Throws SshError where they cannot. */
  look(share: Share): Promise<MachineFacts>;
  /** The topology with the names, MACs and addresses that are really there. */
  bind(topology: Topology, facts: FactsOf): Promise<Topology>;
  /** What stands in front of each command of a node. */
  enter(names: LabNames, node: string): readonly string[];
  /** Why nobody works on a node; null where somebody does. */
  absent(node: string): Lack | null;
  /** What is taken of a machine, and so must be given back. */
  taken(share: Share): Share;
  /** Makes on a machine what the lab needs there. */
  make(share: Share, names: LabNames, topology: Topology): Promise<void>;
  /** Processes end with what the lab made; otherwise each is ended by itself. */
  readonly endsProcesses: boolean;
  /** Carriers are taken away where the binding allows it. */
  readonly takesCarriers: boolean;
  /** A node as it is handed out. */
  node(node: Node): Node;
  ports(topology: Topology, nodeNamed: (name: string) => Node, means: PortMeans): LabPorts;
  /** Ports that must have a carrier before anything begins. */
  awaited(ports: LabPorts): readonly TestPort[];
  /** Why a change is not made there; null where it may be. */
  refuses(change: Change): Lack | null;
  /** Throws TestbedError where a machine is not as it was before the lab. */
  requireAsBefore(share: Share, names: LabNames, before: MachineFacts): Promise<void>;
}
