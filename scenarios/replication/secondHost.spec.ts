import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import type { ScenarioSetup } from '../../lib/runner/setup.js';
import type { Trial } from '../../lib/trial/trial.js';
import type { KindId } from '../../lib/wire/kinds.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

const NEIGHBOR_KINDS = [...ARP_KINDS, ...ND_KINDS];
/** What a host says to another one. A question to its address would make a kernel answer that nobody listens to. */
const ANSWERS: readonly KindId[] = ['arp-reply-unicast', 'na-solicited'];

/** Both hosts say everything once; then the other one answers each sender of the host. */
async function bothSpeak(trial: Trial, when: string) {
  const own = await trial.send(NEIGHBOR_KINDS, { copies: 1, group: `every kind, ${when}` });
  await trial.sendFromSecondHost(NEIGHBOR_KINDS);
  await trial.sendFromSecondHost(ANSWERS, { to: 'first-host' });
  return own;
}

// What the field sees of a frame that comes back: the MAC of the one host flaps to the port of the other.
const FLAPS: ScenarioSetup['finds'] = Object.fromEntries(
  ['replicates-what-it-hears', 'no-in-port', 'reflects-servers', 'reflect', 'hairpin'].map((name) => [
    name,
    ['table-move'],
  ]),
);

/*
 * Each leaf floods what one host says to the other one. A host that sends it back, or out on its other leg, moves the MAC of
 * the first one to its own port there.
 *
 *     host-2 ── up-a ──┬── leaf-a ── up-a ┐
 *        └───── up-b ──┴── leaf-b ── up-b ┴── host
 */
scenario(
  'two hosts behind the same leaves are each heard by every leaf once, hear and answer each other, and neither sends back what it hears',
  {
    catches: [
      'replicates-what-it-hears',
      'no-in-port',
      'reflects-servers',
      'off',
      'reflect',
      'hairpin',
      'lose-on-one-leg',
    ],
    finds: FLAPS,
    secondHost: true,
    witnesses: ['vm1'],
    duration: 'seconds',
  },
  async (trial) => {
    const own = await bothSpeak(trial, 'every leg up');
    const asked = await trial.askAcross('vm1');
    const verdict = await trial.judge();
    expect(verdict.of(own)).toReachEveryLeafOnce();
    expect(verdict.madeByStacks('vm1')).toReachEveryLeafOnce();
    expect(asked).toBeAnswered();
  },
);

scenario(
  'two hosts behind the same leaves answer each other while a leg is out, and neither sends back what it hears then, or when the leg is back',
  {
    // Whether copies are missing is asked without a fault: here each leg would be waited for that never gets one.
    catches: ['replicates-what-it-hears', 'hairpin'],
    finds: FLAPS,
    secondHost: true,
    witnesses: ['vm1'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    const [leg = ''] = trial.legsInTurn;
    // Leaves must have the MACs of both, or there is nothing to move.
    const own = [...(await bothSpeak(trial, 'every leg up'))];
    await trial.unplug(leg);
    own.push(...(await bothSpeak(trial, `${leg} out`)));
    const asked = await trial.askAcross('vm1', { without: leg });
    await trial.plug(leg);
    own.push(...(await bothSpeak(trial, 'every leg back')));
    const verdict = await trial.judge();
    expect(verdict.of(own)).toFollowTheTimeline();
    expect(asked).toBeAnswered();
  },
);
