import { edge } from './edge.js';
import type { FaultSite, FaultVerb } from './types.js';

const DEFAULT_MS = 20;

const hostEnd = ({ lab, leg }: FaultSite) => ({ node: lab.node(lab.topology.host.node), port: leg.hostPort });
const netem = (action: 'add' | 'del', port: string, ms: number) => [
  'tc',
  'qdisc',
  action,
  'dev',
  port,
  'root',
  'netem',
  'delay',
  `${ms}ms`,
];

export const delay: FaultVerb = {
  name: 'delay',
  undoName: 'undelay',
  title: 'frames to the leaf are late',
  undoTitle: 'frames to the leaf are in time again',
  whatATechnicianSees:
    'Nothing is lost and no light changes; everything that the host sends over this leg arrives later than over the others.',
  bondLeaves: 'never',
  changes: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'slow', verb: 'delay' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'whole', verb: 'undelay' }],
  }),
  begin: (site, { ms = DEFAULT_MS }) =>
    edge(site.lab, () => hostEnd(site).node.exec(netem('add', hostEnd(site).port, ms))),
  end: (site) =>
    edge(site.lab, () =>
      hostEnd(site).node.exec(['tc', 'qdisc', 'del', 'dev', hostEnd(site).port, 'root'], { mayFail: true }),
    ),
  /** Tried on the loopback of the host's node, where it disturbs nobody. */
  async lacking(site) {
    const { node } = hostEnd(site);
    const command = netem('add', 'lo', 0);
    const { code, stderr } = await node.exec(command, { mayFail: true });
    if (code !== 0) return { what: 'the fault delay', command: command.join(' '), output: stderr.trim() };
    await node.exec(['tc', 'qdisc', 'del', 'dev', 'lo', 'root']);
    return null;
  },
};
