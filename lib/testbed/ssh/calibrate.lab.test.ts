import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import type { VantageRecord } from '../../evidence/types.js';
import { calibrated } from '../../judge/vantage/calibrated.js';
import { CLAIMS, type ClaimName } from '../../judge/vantage/vantages.js';
import { testbedNamed } from '../../registries.js';
import { someOf } from '../../testing/samples.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { bringUpTwoLeaves, type TwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

/** What the run of a binding finds out of each leaf, before it does anything else. */
async function tried({ binding }: TwoLeaves): Promise<Readonly<Record<string, VantageRecord>>> {
  const kind = testbedNamed('ssh', DEFAULTS);
  const hold = await kind.hold?.({ binding, run: 'calibration' });
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    await using lab = await testbed.open({ topology: await defaultTopology() });
    return lab.vantages ?? {};
  } finally {
    await hold?.end();
  }
}

/** The claims that a leaf does not carry. */
function lost(record: VantageRecord | undefined): readonly ClaimName[] {
  return record === undefined ? [...CLAIMS] : CLAIMS.filter((claim) => calibrated(record, null).whyNot(claim) !== null);
}

test('what stands between host and leaf, and doubles, lowers hop limits or polices, takes claims of that leaf away', async () => {
  await using leaves = await bringUpTwoLeaves({}, true);
  const cases: readonly (readonly [readonly ClaimName[], string])[] = [
    [[], ''],
    [['once', 'data'], 'dup to "far";'],
    [['hop-limit'], 'ip6 hoplimit set 254;'],
    [['missing', 'data'], 'ether type arp limit rate over 300/second burst 20 packets drop;'],
  ];
  for (const [claims, rules] of someOf(cases, 2, Math.random)) {
    await leaves.between(rules);
    const { 'leaf-a': a, 'leaf-b': b } = await tried(leaves);
    expect([lost(a), lost(b)], rules).toEqual([[], claims]);
    expect(b?.at).toBe('leafb swp1');
  }
});
