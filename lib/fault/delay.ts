import { lacking, offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../testbed/change.js';
import type { Fault } from './fault.js';

export interface DelayArguments {
  readonly ms: number;
}

const netem = (action: 'add' | 'del', port: string, ms: number): readonly string[] =>
  `tc qdisc ${action} dev ${port} root netem delay ${ms}ms`.split(' ');

export const delay: Fault<DelayArguments> = {
  name: 'delay',
  undoName: 'undelay',
  title: 'frames to the leaf are late',
  undoTitle: 'frames to the leaf are in time again',
  pastTense: 'delayed',
  whatATechnicianSees:
    'Nothing is lost and no light changes; everything that the host sends over this leg arrives later than over the others.',
  bond: 'does not react',
  waitsFor: 'nothing',
  defaults: { ms: 20 },
  async plan({ lab, leg }, { ms }) {
    const node = lab.topology.host.node;
    // Its queue would take the place of those of the leg.
    if (lab.topology.queues !== undefined)
      return lacking({
        what: 'the fault delay',
        command: netem('add', leg.hostPort, ms).join(' '),
        output: `${lab.topology.name} gives the leg ${lab.topology.queues} queues of its own`,
      });
    // Tried on the loopback of the host's node, where it disturbs nothing.
    const command = netem('add', 'lo', 0);
    const { code, stderr } = await lab.node(node).exec(command, { mayFail: true });
    if (code !== 0) return lacking({ what: 'the fault delay', command: command.join(' '), output: stderr.trim() });
    await lab.node(node).exec(netem('del', 'lo', 0));
    return offer({
      name: `${leg.name}: frames to the leaf are ${ms} ms late`,
      steps: [{ node, argv: netem('add', leg.hostPort, ms) }],
      undo: [{ node, argv: netem('del', leg.hostPort, ms), mayFail: true }],
      maxMs: LONGEST_CHANGE_MS,
    });
  },
  effects: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'slow' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'whole' }],
  }),
};
