import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { BRIDGE } from '../bridge.js';

/** What a host whose bridge is Open vSwitch's cannot be. */
export function checkHost(kind: string, { host }: Topology, whereElse: string): readonly PlaneProblem[] {
  const problems: PlaneProblem[] = Object.keys(host.plane.options).map((option) => ({
    path: ['host', 'plane', 'options', option],
    text: `the data plane ${kind} has no option "${option}"`,
    hint: `remove it; ${whereElse}`,
  }));
  if (host.nic !== BRIDGE)
    problems.push({
      path: ['host', 'nic'],
      text: `the interface of the host's own stack is "${host.nic}"`,
      hint: `on the data plane ${kind} it is the bridge, ${BRIDGE}; leave it out`,
    });
  return problems;
}
