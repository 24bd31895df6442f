import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { KeptPlan } from '../run/plan.js';
import { writeAllureContext } from './allureContext.js';

const PLAN = {
  run: '20261128-020000-1',
  replicator: '/x/ours.yaml',
  dataPlane: 'ovs-bond',
  topologyFile: '/x/dual-leaf.yaml',
  startedAt: '2026-11-28T02:00:00.000Z',
  environment: { 'ovs: vswitchd': 'a\\b = c\nd', kernel: 'Linux 6.12' },
  inputs: { commit: 'abc' },
} as unknown as KeptPlan;

/** As allure-playwright writes it: the identity is that of a file with code, whose name changes with it. */
function results(folder: string, chunk: string, names: readonly string[]): string {
  mkdirSync(folder);
  for (const [i, name] of names.entries())
    writeFileSync(
      join(folder, `${i}-result.json`),
      JSON.stringify({
        ...{
          uuid: `${i}`,
          name,
          fullName: `${chunk} › ${name}`,
          testCaseId: chunk,
          historyId: chunk,
          status: 'passed',
        },
        parameters: [{ name: 'Project', value: 'ovs-bond' }],
        labels: [
          { name: 'package', value: chunk },
          { name: 'tag', value: 'scenario' },
        ],
      }),
    );
  return folder;
}

test('a test has the same identity whatever file its code was in, and no other test has it', ({}, testInfo) => {
  const names = ['arp @mode:balance-tcp', 'arp @mode:balance-slb', 'arp @mutant:off'];
  const ids = ['AAAA.js', 'BBBB.js'].map((chunk) => {
    const folder = results(testInfo.outputPath(chunk), chunk, names);
    writeAllureContext(folder, PLAN, 'rack-12', {});
    return readdirSync(folder)
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        expect(text).not.toContain(chunk);
        const { historyId, testCaseId, status, labels } = JSON.parse(text) as Record<string, string>;
        expect({ status, labels }).toEqual({ status: 'passed', labels: [{ name: 'tag', value: 'scenario' }] });
        return `${historyId} ${testCaseId}`;
      });
  });
  expect(ids[0]).toEqual(ids[1]);
  expect(new Set(ids[0]).size).toBe(names.length);
});

test('environment and executor are told as Allure reads them', ({}, testInfo) => {
  const folder = results(testInfo.outputPath('results'), 'A.js', []);
  const executor = (env: Readonly<Record<string, string>>) => {
    writeAllureContext(folder, PLAN, 'rack-12', env);
    return JSON.parse(readFileSync(join(folder, 'executor.json'), 'utf8')) as object;
  };
  expect(executor({})).toEqual({
    ...{ name: 'everyleaf', type: 'everyleaf', buildName: '20261128-020000-1', buildOrder: 1_795_831_200 },
  });
  expect(executor({ CI_PIPELINE_IID: '7', CI_PIPELINE_URL: 'https://ci.example/7' })).toMatchObject({
    ...{ type: 'gitlab', buildOrder: 7, buildUrl: 'https://ci.example/7' },
  });
  expect(executor({ JENKINS_URL: 'https://ci.example', BUILD_NUMBER: '8' })).toMatchObject({ type: 'jenkins' });
  const github = { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '9' };
  expect(executor({ ...github, GITHUB_RUN_NUMBER: '3' })).toMatchObject({
    ...{ type: 'github', buildOrder: 3, buildUrl: 'https://git.example/a/b/actions/runs/9' },
  });
  expect(readFileSync(join(folder, 'environment.properties'), 'utf8')).toBe(
    [
      'place=rack-12',
      'replicator=ours.yaml',
      'data\\ plane=ovs-bond',
      'topology=dual-leaf.yaml',
      'commit=abc',
      'ovs\\:\\ vswitchd=a\\\\b = c d',
      'kernel=Linux 6.12\n',
    ].join('\n'),
  );
  writeAllureContext(testInfo.outputPath('nowhere'), PLAN, 'rack-12');
});
