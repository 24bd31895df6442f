import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ADDRESSED_KINDS } from '../kinds.js';

/** QEMU's announce-rounds: so often it sends a RARP frame for a VM that has moved in. */
const ROUNDS = 5;

/*
 * Live migration. Each leaf has learned by itself where the VM was, and must learn by itself where it is: the manager of
 * the VM sends RARP, its kernel gratuitous ARP and unsolicited NA.
 *
 *     other host ──┬── leaf-a ── up-a ┐
 *        (VM)      └── leaf-b ── up-b ┴── host (VM comes here)
 */
scenario(
  'a VM that moves in from another host behind the same leaves is heard by each of them, which then sends to this host what is for it',
  {
    catches: ['ports-of-before', 'drops-rarp', 'lose-on-one-leg', 'lose-nd', 'double-some', 'lose-inbound'],
    finds: { 'drops-rarp': ['missing-inbound'] },
    vmsMoveIn: true,
    once: true,
    witnesses: ['vm2'],
    duration: 'seconds',
  },
  async (trial) => {
    const come = await trial.vmsArrive();
    const announced = await trial.send(['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'], {
      from: come,
      group: 'of the VM',
    });
    await trial.announce('vm2');
    const places = await trial.placesOf(come);
    // Only now: it moves the VM at one leaf, and would hide there that the announcements did not.
    const rarp = await trial.send(['rarp'], { from: come, copies: ROUNDS, group: 'of the VM manager' });
    // The host's own switch has had it behind the leaves until now.
    for (const leaf of trial.leaves) await trial.sendFromLeaf(leaf, ADDRESSED_KINDS, { copies: 1, to: 'each' });
    const verdict = await trial.judge();
    expect(places).toBeBehindTheHost();
    expect(verdict.of(announced, 'announcements')).toReachEveryLeafOnce();
    expect(verdict.madeByStacks('vm2')).toInclude('arp-announcement');
    expect(verdict.madeByStacks('vm2')).toInclude('na-unsolicited');
    expect(verdict.madeByStacks('vm2')).toReachEveryLeafOnce();
    expect(verdict.of(rarp, 'RARP frames')).toStaySingle();
  },
);
