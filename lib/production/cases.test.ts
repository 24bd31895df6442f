import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Judgement, Verdict } from '../judge/types.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

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

function judge(name: string, { hosts, profile }: Case): Judgement {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
      'judge',
      `leaf-a=${name}.a.pcap`,
      `leaf-b=${name}.b.pcap`,
      ...hosts.flatMap((mac) => ['--host', mac]),
      '--profile',
      profile,
      '--json',
    ],
    { cwd: FOLDER, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Judgement;
}

for (const [name, entry] of Object.entries(CASES)) {
  test(`${name}: ${entry.what}`, () => {
    test.fail(OPEN.includes(name), 'not judged rightly yet');
    const due = entry.expect;
    const { verdict, totals, byLeaf, reasons, window } = judge(name, entry);
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
