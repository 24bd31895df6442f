import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { tellGithub, type StepReport } from './githubActions.js';

const REPORT: StepReport = {
  sentence: 'Night 1 is to be looked at.',
  annotations: [
    { level: 'error', title: 'new failure: a, b [x/y]', text: '100% lost\n::error::injected' },
    { level: 'notice', title: 'known', text: '<script>|`x`' },
  ],
};

function told(env: NodeJS.ProcessEnv, report = REPORT): string {
  let said = '';
  tellGithub(report, env, (text) => {
    said += text;
  });
  return said;
}

test('a step of GitHub gets annotations that are one line each, and a summary that is text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-github-'));
  try {
    const file = join(folder, 'summary.md');
    expect(told({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file })).toBe(
      '::error title=new failure%3A a%2C b [x/y]::100%25 lost%0A::error::injected\n::notice title=known::<script>|`x`\n',
    );
    const summary = readFileSync(file, 'utf8');
    expect(summary).toContain('Night 1 is to be looked at.');
    expect(summary).toContain('| error | new failure: a, b &#91;x/y&#93; | 100% lost ::error::injected |\n');
    expect(summary).not.toContain('<script>');
    // Summaries of a step's commands are in one file.
    told({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file });
    expect(readFileSync(file, 'utf8')).toBe(summary.repeat(2));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing is said elsewhere, and a summary that cannot be written is no error', () => {
  expect(told({})).toBe('');
  expect(told({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/proc/none/file' })).toContain('cannot be written: ');
  const [one] = REPORT.annotations;
  if (one === undefined) throw new Error('no annotation');
  const many = { ...REPORT, annotations: Array.from({ length: 30 }, () => one) };
  expect(told({ GITHUB_ACTIONS: 'true' }, many).split('\n')).toHaveLength(11);
});
