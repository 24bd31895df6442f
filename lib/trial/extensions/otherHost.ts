import type { OtherHost, Plane } from '../../dataplane/plane.js';
import { DURATIONS } from '../../durations.js';
import { craftKinds } from '../../stimulus/crafted.js';
import { flowPathsOf } from '../../stimulus/flowPath.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { KindId } from '../../wire/kinds.js';
import { senderNamed } from '../../topology/senders.js';
import { until } from '../../until.js';

/** What a VM says of itself, by which switches learn where it is. */
const HELLO: readonly KindId[] = ['garp-request', 'na-unsolicited'];

/** Of frames that belong to no window. */
const NO_WINDOW = 1;

/**
 * VMs that are not on this host are on another one behind the same leaves: each leaf has them behind its port to that
 * host, and this host has heard them through the leaves. Throws LackError where leaves have no room for another host.
 */
export async function liveElsewhere(lab: Lab, { traits, leaves }: Plane, names: readonly string[]): Promise<void> {
  const { topology } = lab;
  let id = 0;
  const frames = names
    .flatMap((name) => flowPathsOf(topology, senderNamed(topology, name)))
    .flatMap((flowPath) =>
      // Their host has put the tag on, as this one does.
      craftKinds({ ...flowPath, sentTags: flowPath.wireTags }, HELLO, 1, {
        salt: NO_WINDOW,
        nextId: () => ++id,
        group: 'elsewhere',
      }),
    )
    .map(({ frame }) => Buffer.from(frame, 'hex'));
  const macs = names.map((name) => senderNamed(topology, name).mac.toLowerCase());
  await Promise.all(
    [...leaves].map(async ([name, leaf]) => {
      if (leaf.joinOtherHost === undefined)
        throw new LackError([
          {
            what: `another host at ${name}`,
            command: `everyleaf run --data-plane ${traits.kind}`,
            output: `${name} has no port for one`,
          },
        ]);
      const host: OtherHost = await leaf.joinOtherHost();
      await host.send(frames);
      await until(`${name} to have ${names.join(', ')} behind ${host.port}`, DURATIONS.controlFrame, async () => {
        const there = (await leaf.fdb()).filter(({ port }) => port === host.port).map(({ mac }) => mac.toLowerCase());
        return macs.every((mac) => there.includes(mac)) ? true : null;
      });
    }),
  );
}
