import { DURATIONS } from '../durations.js';
import { TestbedError } from '../testbed/error.js';
import type { Node } from '../testbed/node.js';
import { NeverHappened, until } from '../until.js';
import { sessionsOf } from './frr.js';

/** The part of `show bgp summary json` that is read here; a family without sessions is left out or empty. */
type BgpSummary = Readonly<
  Record<string, { readonly peers?: Readonly<Record<string, { readonly state?: string }>> } | undefined>
>;

/**
 * Both ends of a link must hold the session of each family: the end that has not noticed that its link was down still
 * has the old one.
 */
export interface SessionEnd {
  readonly node: Node;
  /** The neighbor's address, by family. */
  readonly ipv4: string;
  readonly ipv6: string;
}

/**
 * Which of the two sessions are not Established, and their state. Text that is no JSON has no session.
 */
export function unestablished(json: string, { ipv4, ipv6 }: Omit<SessionEnd, 'node'>): readonly string[] {
  let summary: BgpSummary = {};
  try {
    summary = JSON.parse(json) as BgpSummary;
  } catch {
    // For a daemon that is starting, or is gone, vtysh prints text instead.
  }
  return (
    [
      ['ipv4Unicast', ipv4],
      ['ipv6Unicast', ipv6],
    ] as const
  ).flatMap(([family, neighbor]) => {
    const state = summary[family]?.peers?.[neighbor]?.state ?? 'unknown';
    return state === 'Established' ? [] : [`${neighbor} ${state}`];
  });
}

/**
 * Waits until the sessions of both address families are Established at each of these ends. How long that takes depends
 * on the machine, and not on the replicator. Throws TestbedError, with what each bgpd says, when one never comes up.
 * @param withinMs when to give up
 */
export async function awaitSessions(
  ends: readonly SessionEnd[],
  withinMs: number = DURATIONS.fabricConvergence,
): Promise<void> {
  await Promise.all(
    ends.map(async (end) => {
      const { node } = end;
      let lacking: readonly string[] = [];
      const look = async (): Promise<true | null> => {
        const { stdout } = await node.exec(
          ['vtysh', '--vty_socket', `${node.scratch}/frr`, '-c', 'show bgp summary json'],
          { mayFail: true },
        );
        lacking = unestablished(stdout, end);
        return lacking.length === 0 ? true : null;
      };
      await until(
        `the BGP sessions of ${node.name}`,
        withinMs,
        look,
        () => lacking.join(', '),
        DURATIONS.sessionLook,
      ).catch(async (error: unknown) => {
        if (!(error instanceof NeverHappened)) throw error;
        throw new TestbedError(`${error.message}; it says: ${await sessionsOf(node)}`);
      });
    }),
  );
}
