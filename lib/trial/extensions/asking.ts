import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import type { Hearing } from '../../capture/hearing.js';
import { askEverybody, askFromSpare, askUntil } from '../../stimulus/asking.js';
import { LackError } from '../../testbed/capability.js';
import type { Applied } from '../../testbed/change.js';
import type { Asker } from '../../testbed/lab.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import { letSpeak, type Window } from '../window.js';

/** What leaves make the kernels of host and VMs send, where nothing else can. */
export interface Asking {
  /**
   * Every leaf asks every sender, from its own address and from its spare ones, until each has sent what can be made that
   * way, or does not. What was not made is noted, with what it would need.
   *
   * @param forLong also until kernels ask once more for what they know, which takes about a minute
   * @returns the kinds that each sender's kernel sent, of senders that somebody can watch
   */
  makeKernelsSpeak(options?: { readonly forLong?: boolean }): Promise<ReadonlyMap<string, ReadonlySet<KindId>>>;
}

const ANSWERS: readonly KindId[] = ['arp-reply-unicast', 'na-solicited'];
const QUESTIONS: readonly KindId[] = ['arp-request-broadcast', 'ns-multicast'];
const REPEATED: readonly KindId[] = ['arp-request-unicast', 'ns-unicast'];
const TRIED: readonly KindId[] = [...ANSWERS, ...QUESTIONS, ...REPEATED];

/** Resolves when every one of these has sent each of these kinds since then, or the time is over. */
async function untilHeard(
  hearings: readonly Hearing[],
  kinds: readonly KindId[],
  sinceNs: bigint,
  afterMs: number,
): Promise<void> {
  const last = performance.now() + afterMs;
  const isHeard = () => hearings.every((one) => kinds.every((kind) => one.kinds(sinceNs).has(kind)));
  while (!isHeard() && performance.now() < last) await wait(LOOK_MS);
}

/** Between two looks at what was heard, ms: in memory, while commands of some tens of ms run. */
const LOOK_MS = 20;

/** Why a kind was not made, and what it would need. */
function whyNot(kind: KindId, sender: string, askers: ReadonlyMap<string, Asker>, forLong: boolean): string {
  if (ANSWERS.includes(kind)) return `${sender} did not answer the leaves: it needs an address that they reach`;
  if ([...askers.values()].every(({ lend }) => lend === null))
    return 'a kernel asks only for whom it does not know: it needs gateway.spare of a leaf, an address of nobody';
  if (REPEATED.includes(kind) && !forLong)
    return 'a kernel asks again only after about a minute: it needs the scenario that waits for it';
  return `${sender} did not ask: it needs a spare address in its own network that it has not known yet`;
}

export function askingOf(window: Window): Asking {
  const { lab, taps, skips } = window;
  return {
    async makeKernelsSpeak({ forLong = false } = {}) {
      const { askers } = lab;
      if (askers === undefined)
        throw new LackError([
          {
            what: 'kernels that only leaves make speak',
            command: 'everyleaf run --binding FILE',
            output: 'frames can be sent here: crafted ones show more, and controls can be made with them',
          },
        ]);
      const watched = taps.flatMap(({ spec, hearing }) =>
        spec.role === 'sender' && spec.direction === 'out' && hearing !== null ? [{ node: spec.node, hearing }] : [],
      );
      letSpeak(
        window,
        watched.map(({ node }) => node),
      );
      const hearings = watched.map(({ hearing }) => hearing);
      const since = BigInt(window.openNs);
      const heard = (kinds: readonly KindId[], afterMs: number) => untilHeard(hearings, kinds, since, afterMs);
      await askUntil(() => askEverybody(lab, askers), heard(ANSWERS, DURATIONS.neighborAnswer));
      const lends = [...askers.values()].flatMap(({ lend }) => lend ?? []);
      const loans: Applied[] = [];
      try {
        await Promise.all(lends.map(async (lend) => loans.push(await lab.apply(lend))));
        if (loans.length > 0)
          await askUntil(() => askFromSpare(lab, askers), heard(QUESTIONS, DURATIONS.neighborAnswer));
        if (loans.length > 0 && forLong)
          await askUntil(() => askFromSpare(lab, askers), heard(REPEATED, DURATIONS.askedAgain));
      } finally {
        await Promise.all(loans.map((loan) => loan.undo()));
      }
      window.lastSentMs = performance.now();
      const made = new Map(watched.map(({ node, hearing }) => [node, hearing.kinds(since)]));
      for (const [node, kinds] of made)
        for (const kind of TRIED)
          if (!kinds.has(kind))
            skips.push({ what: `${kind} of ${node}`, command: 'ping', output: whyNot(kind, node, askers, forLong) });
      const { host, legs } = lab.topology;
      const [leg] = legs;
      const inject = leg === undefined ? null : lab.port(host.node, leg.hostPort).inject;
      const rest = KINDS.filter(({ id, family }) => ['arp', 'nd'].includes(family) && !TRIED.includes(id));
      if (inject !== null && !inject.ok)
        skips.push({
          ...inject.lack,
          what: `${rest.map(({ id }) => id).join(', ')}: they need frames that are sent, by python3, perl or socat on the host`,
        });
      return made;
    },
  };
}
