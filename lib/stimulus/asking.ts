import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../durations.js';
import { LackError } from '../testbed/capability.js';
import type { Asker, Lab } from '../testbed/lab.js';
import type { Sender } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';

/** The addresses of a sender that leaves ask for: those of its first network. */
export function askedOf({ addresses: [first] }: Sender): readonly string[] {
  return first === undefined ? [] : [first.ipv4, first.ipv6];
}

const isIpv6 = (address: string): boolean => address.includes(':');

/** One echo request, answered within a second or not. */
export function pingCommand(address: string, from: string | null): readonly string[] {
  return ['ping', '-n', '-q', '-c', '1', '-W', '1', ...(from === null ? [] : ['-I', from]), address];
}

async function ask(lab: Lab, leaf: string, argv: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await lab.node(leaf).exec(argv, { mayFail: true });
  // POSIX: no such command.
  if (code === 127)
    throw new LackError([
      { what: `questions of ${leaf}`, command: argv.join(' '), output: (stderr || stdout).trim() || 'not found' },
    ]);
}

/**
 * Every leaf asks every sender once: an echo request, for which a leaf that does not know it asks first, and then the
 * entry of its table is asked for again. The kernels of the senders answer.
 */
export async function askEverybody(lab: Lab, askers: ReadonlyMap<string, Asker>): Promise<void> {
  const asked = sendersOf(lab.topology).flatMap(askedOf);
  await Promise.all(
    [...askers].map(async ([leaf, { port }]) => {
      await Promise.all(asked.map((address) => ask(lab, leaf, pingCommand(address, null))));
      await Promise.all(
        asked.map((address) => ask(lab, leaf, ['ip', 'neigh', 'change', address, 'dev', port, 'nud', 'probe'])),
      );
    }),
  );
}

/**
 * The same with an echo request from each spare address: whoever is to answer it must ask for that address, at once if it
 * does not know it, and again when it has known it for long.
 */
export async function askFromSpare(lab: Lab, askers: ReadonlyMap<string, Asker>): Promise<void> {
  const asked = sendersOf(lab.topology).flatMap(askedOf);
  await Promise.all(
    [...askers].flatMap(([leaf, { spare }]) =>
      spare.flatMap((from) =>
        asked
          .filter((address) => isIpv6(address) === isIpv6(from))
          .map((address) => ask(lab, leaf, pingCommand(address, from))),
      ),
    ),
  );
}

/** Asks round after round until something has come, or was given up. */
export async function askUntil<T>(round: () => Promise<void>, awaited: Promise<T>): Promise<T> {
  const end = new AbortController();
  // It is awaited below, where it fails; this one only tells that there is no more to wait for.
  const given = awaited.catch(() => undefined).finally(() => end.abort());
  while (!end.signal.aborted) {
    const asking = round();
    // Questions that nobody answers may still wait when everything has come.
    await Promise.race([asking, given]);
    asking.catch(() => undefined);
    await Promise.race([wait(DURATIONS.askAgain), given]);
  }
  return awaited;
}

/** Where no frame can be sent on the legs, leaves ask while something is awaited; otherwise it is only awaited. */
export function whileAsking<T>(lab: Lab, awaited: Promise<T>): Promise<T> {
  const { askers } = lab;
  return askers === undefined ? awaited : askUntil(() => askEverybody(lab, askers), awaited);
}
