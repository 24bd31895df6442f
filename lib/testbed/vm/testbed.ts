import { buildGuest } from '../../vm/buildGuest.js';
import { threadWait } from '../../vm/cpuThread.js';
import { hardwareFor, SRIOV, VIRTIO, type Hardware } from '../../vm/hardware.js';
import { openPool, type GuestPool } from '../../vm/pool.js';
import { programCommand } from '../../vm/programsPart.js';
import { asUnavailable } from '../../vm/unavailable.js';
import type { AgentClient } from '../../agent/client.js';
import { openAgentLab } from '../agentLab.js';
import { lacking, offer } from '../capability.js';
import type { Need, Testbed } from '../testbed.js';
import { wiringNeeds } from '../needs.js';
import { guestCables } from './cables.js';
import { guestNics, withCables } from './nics.js';
import { factorOf, guestTiming, slownessOf, USUAL_FACTOR } from './timing.js';

/** What a guest's first programs take is what they all take, once their files are read. */
const SPAWNS = 4;

/** How long a guest needs to start a program, ms: the shortest of some. */
async function spawnMs(agent: AgentClient): Promise<number> {
  let shortest = Infinity;
  for (let done = 0; done < SPAWNS; done++) {
    const begun = performance.now();
    await agent.call('run', { node: null, argv: ['true'], timeoutMs: guestTiming(USUAL_FACTOR).command });
    shortest = Math.min(shortest, performance.now() - begun);
  }
  return shortest;
}

/** Said to a person who runs something: what is built, once. */
const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * Labs in guests with a kernel of their own, each in a new one that is restored from a snapshot. Builds the guest where
 * it is not there yet. Throws UserError where it cannot be had.
 *
 * @param kernel `newest`, or a version that the Debian mirror has, or what names one that is built
 * @param needs of labs that will be opened; a lab with others is in a guest that is built when it is opened
 */
export async function openVmTestbed(kernel: string, needs: readonly Need[] = []): Promise<Testbed> {
  const pools = new Map<Hardware, Promise<GuestPool>>();
  const poolOf = (hardware: Hardware): Promise<GuestPool> => {
    const known = pools.get(hardware);
    if (known !== undefined) return known;
    const built = asUnavailable(() => buildGuest({ kernel, hardware }, say));
    const pool = built.then(({ guest, snapshot }) => openPool(guest, snapshot));
    pools.set(hardware, pool);
    return pool;
  };
  await poolOf(hardwareFor(needs));
  return {
    name: 'vm',
    timing: guestTiming(USUAL_FACTOR),
    freshness: 'new',
    async open(wanted) {
      const hardware = hardwareFor([...(wanted.needs ?? []), ...wiringNeeds(wanted.topology)]);
      const live = await (await poolOf(hardware)).take();
      try {
        const agent = await live.agent();
        const factor = factorOf(await spawnMs(agent));
        const timing = guestTiming(factor);
        const place = {
          ...{ agent, timing, slowness: slownessOf(factor), name: 'vm', goesWithLab: true },
          ...(hardware === SRIOV ? { nics: guestNics(live, agent, timing.command) } : {}),
          ...(hardware === VIRTIO ? { nics: guestCables(live, agent, timing.command) } : {}),
          deploy: (program: string) => {
            const command = programCommand(program);
            // An empty name asks whether programs can be run at all.
            if (command !== null || program === '') return Promise.resolve(offer(command ?? []));
            return Promise.resolve(
              lacking({
                what: `the program ${program} in a guest`,
                command: 'everyleaf vm build',
                output: 'the disk with the programs of guests does not hold it',
              }),
            );
          },
          terminal: () =>
            lacking({
              what: 'a terminal in a guest',
              command: 'everyleaf up --testbed vm',
              output: 'a guest has no terminal; "everyleaf vm shell" runs commands in one',
            }),
        };
        const lab = withCables(await openAgentLab(place, wanted, 1));
        let isOpen = true;
        return {
          ...lab,
          machineWait: () => threadWait(live.cpu),
          async [Symbol.asyncDispose]() {
            if (!isOpen) return;
            isOpen = false;
            try {
              await lab[Symbol.asyncDispose]();
            } finally {
              await live[Symbol.asyncDispose]();
            }
          },
        };
      } catch (error) {
        await live[Symbol.asyncDispose]();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      // What could not be built was told to whoever asked for it.
      for (const pool of await Promise.allSettled(pools.values()))
        if (pool.status === 'fulfilled') await pool.value[Symbol.asyncDispose]();
    },
  };
}
