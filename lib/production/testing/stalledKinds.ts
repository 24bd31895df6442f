import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { Captured } from '../../judge/testing/situation.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import { pick } from './fieldKinds.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };
const SPEAKER = '02:00:00:00:01:0a';
/** One copy that came this much later is no late one. */
const LONGEST_STALL_MS = 40;
const TIMES = 24;

/**
 * A host says the same to 2 to 4 leaves, once most of the time, and a few times as often as there are leaves or less,
 * at once: they asked together. Amid each such burst the way to all leaves stalls, on each of them after another frame
 * of it: what was held back comes after the stall, in its order. One frame of a burst fares badly; altered is one of others.
 */
export const stalled: Kind = (seed, fate, roll) => {
  const leafCount = pick(roll, [2, 3, 4] as const);
  const isAltered = fate === 'altered';
  const own = { seed, leaves: leafCount, frames: 40, everyMs: 500, tags: [] };
  const base = variedWorld({ ...own, fate: isAltered ? 'altered' : 'good' });
  const kind = pick(roll, ['na-solicited', 'arp-reply-unicast', 'na-unsolicited'] as const);
  const gap = pick(roll, [5, 12, 40]) * US;
  const stallNs = Math.round(pick(roll, [0.5, 2.5, 3.2, 4.5, 6, 15, LONGEST_STALL_MS]) * MS);
  const bursts = 1 + Math.floor(roll() * 3);
  const victimBurst = Math.floor(roll() * bursts);
  const leaf = base.leaves.length - 1;
  const victim = { leaf, kind, at: 0 };
  const leaves: Captured[][] = base.leaves.map((frames) => [...frames]);
  for (let i = 0; i < TIMES; i++) {
    const at = Math.round((1.5 + 0.8 * i) * SECOND + roll() * 90 * MS);
    const burst = i % 7 === 4 ? Math.floor(i / 7) : -1;
    const isBurst = burst >= 0 && burst < bursts;
    const count = isBurst ? 2 + Math.floor(roll() * (leafCount - 1)) : 1;
    const badly = (fate === 'lost' || fate === 'doubled') && burst === victimBurst ? Math.floor(roll() * count) : -1;
    if (badly >= 0) victim.at = at;
    const frame = plainFrame(kind);
    for (const [own, frames] of leaves.entries()) {
      const before = isBurst ? Math.floor(roll() * (count + 1)) : count;
      for (let n = 0; n < count; n++) {
        const then = at + n * gap + (n >= before ? stallNs : 0) + Math.round((own === 0 ? 0 : roll() * 4) * US);
        const isVictim = own === leaf && n === badly;
        if (isVictim && fate === 'lost') continue;
        frames.push({ at: then, frame });
        if (isVictim && fate === 'doubled') frames.push({ at: then + 2 * US, frame });
      }
    }
  }
  return {
    world: { leaves, hosts: [...base.hosts, SPEAKER], victim: isAltered ? base.victim : victim },
    drawn: `${leafCount} leaves, ${bursts} bursts of ${kind} ${gap / US} us apart, stalled for ${stallNs / MS} ms`,
    files: leaves.map((frames, own) =>
      fileOf(
        frames.sort((a, b) => a.at - b.at),
        NANO,
        own * 1.1 * SECOND,
      ),
    ),
  };
};
