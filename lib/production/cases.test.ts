import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import type { Judgement, Verdict } from '../judge/types.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { profileNamed } from '../profile/registry.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';

/** One situation from the field, `<name>.a.pcap` and `<name>.b.pcap`, and what must be said of it. */
interface Case {
  readonly hosts: readonly string[];
  readonly profile: string;
  readonly what: string;
  readonly expect: {
    readonly verdict?: Verdict;
    readonly verdictNot?: Verdict;
    readonly missing?: number;
    /** The only leaf on which frames are missing. */
    readonly missingOn?: string;
    /** In one of the reasons; in none of them. */
    readonly reason?: string;
    readonly reasonNot?: string;
    /** Most time that may have been judged. */
    readonly longestSeconds?: number;
  };
}

/** Not judged rightly yet: each turns this red as soon as it is. */
const OPEN: readonly string[] = [];

const FOLDER = join(PACKAGE_ROOT, 'lib/production/testing/cases');
const CASES = JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8')) as Readonly<Record<string, Case>>;

async function judge(name: string, { hosts, profile }: Case): Promise<Judgement> {
  const captures = captureFiles(['a', 'b'].map((leaf) => `leaf-${leaf}=${join(FOLDER, `${name}.${leaf}.pcap`)}`));
  const { judgement } = await judgeCaptures(captures, {
    profile: profileNamed(profile, DEFAULTS.profiles),
    hosts: new Map(hosts.map((mac) => [mac, mac])),
    asked: hosts,
    isAuto: false,
    gateways: [],
    isSharedClock: false,
  });
  return judgement;
}

for (const [name, entry] of Object.entries(CASES)) {
  test(`${name}: ${entry.what}`, async () => {
    test.fail(OPEN.includes(name), 'not judged rightly yet');
    const due = entry.expect;
    const { verdict, totals, byLeaf, reasons, window } = await judge(name, entry);
    if (due.verdict !== undefined) expect({ verdict, reasons }).toMatchObject({ verdict: due.verdict });
    if (due.verdictNot !== undefined) expect({ verdict, reasons }).not.toMatchObject({ verdict: due.verdictNot });
    if (due.missing !== undefined) expect(totals.missing).toBe(due.missing);
    if (due.missingOn !== undefined)
      expect(Object.keys(byLeaf).filter((leaf) => (byLeaf[leaf]?.missing ?? 0) > 0)).toEqual([due.missingOn]);
    if (due.reason !== undefined) expect(reasons.join('\n')).toContain(due.reason);
    if (due.reasonNot !== undefined) expect(reasons.join('\n')).not.toContain(due.reasonNot);
    if (due.longestSeconds !== undefined)
      expect(Number(BigInt(window.toNs) - BigInt(window.fromNs)) / 1e9).toBeLessThan(due.longestSeconds);
  });
}

test('every capture that lies there belongs to a case', () => {
  const captured = readdirSync(FOLDER).flatMap((file) => /^(.+)\.a\.pcap$/.exec(file)?.[1] ?? []);
  expect(captured.sort()).toEqual(Object.keys(CASES).sort());
  expect(OPEN.filter((name) => CASES[name] === undefined)).toEqual([]);
});
