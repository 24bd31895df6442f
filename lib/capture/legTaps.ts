import type { SkipEntry } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import type { Leg } from '../topology/model.js';
import type { TapSpec } from './taps.js';
import { LackError, need } from '../testbed/capability.js';

/** Interface names have 15 characters; legs are told apart by their number. */
const mirrorOf = (index: number) => `mirror${index}`;
const watchOf = (index: number) => `watch${index}`;

/**
 * What the host hands to each leg, also when the leg is dead: a leaf behind a cut cable sees nothing, and without
 * carrier the port's own queue drops a frame before any tap. The egress hook comes before that queue (net/core/dev.c,
 * __dev_queue_xmit), so each frame is copied there to a separate link, where it is captured. Where the kernel has no
 * such hook, or nothing may be made on the host, returns why not.
 */
export async function legTaps(lab: Lab): Promise<readonly TapSpec[] | SkipEntry> {
  try {
    return await tapEgress(lab);
  } catch (error) {
    const [lack] = error instanceof LackError ? error.lacks : [];
    if (lack === undefined) throw error;
    return { ...lack, what: UNSEEN };
  }
}

const UNSEEN = 'what is handed to a dead leg';

async function tapEgress(lab: Lab): Promise<readonly TapSpec[] | SkipEntry> {
  const { legs, host } = lab.topology;
  const node = lab.node(host.node);
  const links = legs.map((_, index) => `link add name ${mirrorOf(index)} type veth peer name ${watchOf(index)}`);
  const up = legs.flatMap((_, index) => [`link set dev ${mirrorOf(index)} up`, `link set dev ${watchOf(index)} up`]);
  await node.exec(['ip', '-batch', '-'], { input: [...links, ...up].join('\n') });
  const chains = legs.map(
    (leg, index) =>
      `chain leg${index} { type filter hook egress device "${leg.hostPort}" priority 0; dup to "${mirrorOf(index)}"; }`,
  );
  const rules = `table netdev everyleaf {\n${chains.join('\n')}\n}`;
  const result = await node.exec(['nft', '-f', '-'], { input: rules, mayFail: true });
  if (result.code !== 0)
    return {
      what: UNSEEN,
      command: `nft '${rules}'`,
      output: (result.stderr || result.stdout).trim(),
    };
  return legs.map((leg: Leg, index): TapSpec => ({
    name: `host-${leg.name}`,
    role: 'leg',
    node: host.node,
    port: watchOf(index),
    direction: 'in',
    leg: leg.name,
    source: need(lab.adopt(host.node, watchOf(index), leg.hostMac).tap),
    controlMac: leg.hostMac,
    sendControl: (frames) => need(lab.port(host.node, leg.hostPort).inject)(frames),
  }));
}
