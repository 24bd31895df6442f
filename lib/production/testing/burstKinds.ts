import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { Captured } from '../../judge/testing/situation.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import { pick } from './fieldKinds.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };
const SPEAKER = '02:00:00:00:01:0a';

/** What a host says over and over, besides what others say. */
interface Spoken {
  readonly at: number;
  /** Part of a burst: 3 to 8 at once. */
  readonly isBurst: boolean;
}

/**
 * Takeovers: a host announces itself 3 to 8 times at once, some seconds apart, and once by itself each second or so in
 * between. One frame that is alone fares badly, or one of a burst (`where`); it is never altered in a burst.
 */
export const takeovers =
  (where: 'alone' | 'in a burst'): Kind =>
  (seed, fate, roll) => {
    const isAltered = fate === 'altered';
    const base = variedWorld({ seed, fate: isAltered ? 'altered' : 'good', frames: 40, everyMs: 500, tags: [] });
    const kind = pick(roll, ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'] as const);
    const gap = pick(roll, [20, 40, 100, 250, 900]) * US;
    const count = 3 + Math.floor(roll() * 6);
    const bursts = 1 + Math.floor(roll() * 3);
    const everyMs = pick(roll, [700, 1_000, 1_300]);
    const isSpokenAlone = roll() < 0.7 || where === 'alone';
    const spoken: Spoken[] = [];
    for (let burst = 0; burst < bursts; burst++)
      for (let i = 0; i < count; i++) spoken.push({ at: (4 + 4.3 * burst) * SECOND + i * gap, isBurst: true });
    const alone = isSpokenAlone ? Math.floor(14_000 / everyMs) : 0;
    for (let i = 0; i < alone; i++) {
      const at = (2 + i * (everyMs / 1_000)) * SECOND + 377 * MS + roll() * 90 * MS;
      // Not close to a burst: there nobody could tell it from one.
      if (!spoken.some((other) => other.isBurst && Math.abs(other.at - at) < 300 * MS))
        spoken.push({ at, isBurst: false });
    }
    const candidates = spoken.filter(({ isBurst }) => isBurst === (where === 'in a burst'));
    const victim = candidates[Math.floor(candidates.length * (0.3 + 0.3 * roll()))];
    const leaf = base.leaves.length - 1;
    const frame = plainFrame(kind);
    const leaves = base.leaves.map((frames, own) => [
      ...frames,
      ...spoken.flatMap((said): Captured[] => {
        const at = Math.round(said.at + (own === 0 ? 0 : roll() * Math.min(gap / 3, 30 * US)));
        const isVictim = own === leaf && said === victim;
        if (isVictim && fate === 'lost') return [];
        if (isVictim && fate === 'doubled')
          return [
            { at, frame },
            { at: at + Math.round((5 + roll() * 60) * US), frame },
          ];
        return [{ at, frame }];
      }),
    ]);
    const world = {
      leaves,
      hosts: [...base.hosts, SPEAKER],
      victim: isAltered ? base.victim : { leaf, kind, at: victim?.at ?? 0 },
    };
    return {
      world,
      drawn: `${bursts} x ${count} ${kind} ${gap / US} us apart, ${alone} alone`,
      files: leaves.map((frames, own) =>
        fileOf(
          frames.sort((a, b) => a.at - b.at),
          NANO,
          own * 1.1 * SECOND,
        ),
      ),
    };
  };
