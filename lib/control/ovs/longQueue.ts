import { ovsGroupClass } from '../../replicator/ovs/classed.js';
import { LackError } from '../../testbed/capability.js';
import type { OvsMutant } from './types.js';

/** Frames: more than the send buffer of a socket holds (net.core.wmem_default, about 90 full ones). */
const LONG = 1_000;

/**
 * As the default of a queue is: long. The userspace datapath sends on all ports by one socket, whose frames wait in the
 * queue of the full leg until its buffer is used up; then nothing leaves on any other leg either.
 */
export const longQueue: OvsMutant = {
  ...ovsGroupClass,
  name: 'long-queue',
  description:
    'All is right but the length of the queue of data: frames to the idle leg are lost while the other is full.',
  mustFind: ['missing'],
  async install(context) {
    const { topology } = context.lab;
    const node = context.lab.node(topology.host.node);
    const { EVERYLEAF_DATA_CLASS: classId = '' } = context.plane.environment();
    for (const { hostPort } of topology.legs) {
      const queue = ['tc', 'qdisc', 'change', 'dev', hostPort, 'parent', classId, 'pfifo', 'limit', String(LONG)];
      const { code, stdout, stderr } = await node.exec(queue, { mayFail: true });
      if (code !== 0)
        throw new LackError([{ what: 'a long queue', command: queue.join(' '), output: (stderr || stdout).trim() }]);
    }
    return ovsGroupClass.install(context);
  },
};
