import { DURATIONS } from '../../durations.js';
import type { AuditFact } from '../../evidence/types.js';
import { inOneLine } from '../../inOneLine.js';
import { retrying } from '../../retrying.js';
import { LackError } from '../../testbed/capability.js';
import type { CommandResult, Node } from '../../testbed/node.js';
import { exitsOf, type ExitPorts } from '../exits.js';
import type { InstallContext, InstalledReplicator } from '../types.js';

const PAUSES = { first: DURATIONS.reconnect, longest: DURATIONS.reconnectLongest };

/** Before all other filters of the hook. */
export const PREF = 1;
/** A filter with a known handle can be replaced in one step, so that no frame passes without one. */
export const HANDLE = '0x1';

/** The filter that makes the copies of one leg. */
export interface EgressFilter {
  /** What it needs of a kernel, for the report where it lacks it. */
  readonly what: string;
  /** Preferences of all that it puts there; `PREF` alone without it. */
  readonly prefs?: readonly number[];
  /**
   * Puts the filter at the egress hook of `port`, in the place of the one before.
   * @param others the ports that get copies: all other legs with carrier
   */
  put(node: Node, port: string, others: readonly string[]): Promise<CommandResult>;
  /**
   * What is wrong with what the kernel has there.
   * @param listing output of `tc -j filter show dev PORT egress`
   */
  wrong(node: Node, listing: string, others: readonly string[]): Promise<readonly string[]>;
}

/** What a command said, in one line. */
const said = ({ stdout, stderr }: CommandResult) => inOneLine(stderr || stdout);

/** "The qdisc is there already", in the words of the kernel (net/sched/sch_api.c, tc_modify_qdisc). */
const IS_THERE = /Exclusivity flag on|File exists/;

const shown = (port: string) => ['tc', '-j', 'filter', 'show', 'dev', port, 'egress'];

/** The filters at the ports of one machine. */
function filtersAt({ node, ports, live, named }: ExitPorts, filter: EgressFilter) {
  const made = new Set<string>();
  const othersOf = async () => {
    const now = await live();
    return (port: string) => now.filter((other) => other !== port);
  };
  const hook = async (port: string) => {
    const argv = ['tc', 'qdisc', 'add', 'dev', port, 'clsact'];
    const added = await node.exec(argv, { mayFail: true });
    if (added.code === 0) made.add(port);
    else if (!IS_THERE.test(added.stderr))
      throw new LackError([{ what: 'the egress hook of tc', command: argv.join(' '), output: said(added) }]);
  };
  return {
    async apply() {
      const others = await othersOf();
      // One after the other: a refusal must not leave the next one under way.
      for (const port of ports) {
        await hook(port);
        const put = await filter.put(node, port, others(port));
        if (put.code !== 0)
          throw new LackError([
            {
              what: filter.what,
              command: `tc filter replace dev ${port} egress`,
              output: said(put),
            },
          ]);
      }
    },
    async remove() {
      for (const port of ports) {
        const commands = made.has(port)
          ? [['tc', 'qdisc', 'del', 'dev', port, 'clsact']]
          : (filter.prefs ?? [PREF]).map((pref) => ['tc', 'filter', 'del', 'dev', port, 'egress', 'pref', `${pref}`]);
        for (const argv of commands) await node.exec(argv, { mayFail: true });
      }
    },
    async facts() {
      const others = await othersOf();
      return Promise.all(
        ports.map(async (port): Promise<AuditFact> => {
          const list = await node.exec(shown(port), { mayFail: true });
          const wrong = list.code === 0 ? await filter.wrong(node, list.stdout, others(port)) : [said(list)];
          return named({
            name: `copies from ${port}`,
            ok: wrong.length === 0,
            value: wrong.length === 0 ? `to ${others(port).join(' and ') || 'nobody'}` : wrong.join(', '),
            command: shown(port).join(' '),
          });
        }),
      );
    },
  };
}

/** Filters at the egress hook of each leg of a kernel bridge, or of whatever chooses a leg (tc(8), clsact), which follow the legs' carriers. */
export async function installEgress(context: InstallContext, filter: EgressFilter): Promise<InstalledReplicator> {
  const exits = exitsOf(context).map((exit) => filtersAt(exit, filter));
  const apply = async () => {
    for (const exit of exits) await exit.apply();
  };
  const remove = async () => {
    await Promise.all(exits.map((exit) => exit.remove()));
  };
  try {
    await apply();
  } catch (error) {
    await remove();
    throw error;
  }
  const retried = retrying('the filters to fit the legs', apply, PAUSES);
  const watch = await context.plane.watch(retried.touch);
  return {
    async settled() {
      // The news of a leg may still be on its way.
      retried.touch();
      await retried.settled(DURATIONS.daemonStart);
    },
    broken: () => retried.failure(),
    async audit() {
      await retried.settled(DURATIONS.recovery).catch(() => undefined);
      return (await Promise.all(exits.map((exit) => exit.facts()))).flat();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([retried.close(), watch[Symbol.asyncDispose]()]);
      await remove();
    },
  };
}
