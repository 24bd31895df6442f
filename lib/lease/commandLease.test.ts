import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { commandKeeper } from './commandLease.js';
import { takeLease } from './lease.js';
import { HOLDER } from './testing/holder.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-lease-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

function program(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

const about = (folder: string) => ({ binding: 'rack', seconds: 90, folder });

test('a lease that a program keeps: what it is asked, and what it refuses', async ({ folder }) => {
  program(
    folder,
    'booking',
    `echo "$1 $EVERYLEAF_LEASE $EVERYLEAF_LEASE_BINDING $EVERYLEAF_LEASE_SECONDS \${#EVERYLEAF_LEASE_TOKEN} $EVERYLEAF_LEASE_HOLDER" >>asked
    [ ! -e "no-$EVERYLEAF_LEASE" ] || { echo 'wait for it'; printf 'booked by night until 7:00 \\033[2J\\n'; exit 7; }`,
  );
  const keeper = commandKeeper(['./booking', 'now'], about(folder));
  const lease = await takeLease(keeper, HOLDER);
  await lease.renew();
  writeFileSync(join(folder, 'no-renew'), '');
  await expect(lease.renew()).rejects.toThrow(
    'the lease of rack was lost: it is not known; the command of the lease said: booked by night until 7:00 ?[2J',
  );
  await expect(lease.step()).rejects.toThrow('was lost');
  await lease.give();
  writeFileSync(join(folder, 'no-take'), '');
  await expect(takeLease(keeper, HOLDER)).rejects.toThrow(
    'could not be taken: it is not known; the command of the lease said: booked',
  );
  rmSync(join(folder, 'no-take'));
  await (await takeLease(commandKeeper(['./booking', 'later'], about(folder)), HOLDER)).give();
  const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  const line = (what: string) => `now ${what} rack 90 32 qa@station a test`;
  expect(asked.slice(0, 4)).toEqual([line('take'), line('renew'), line('renew'), line('take')]);
  expect(asked.at(-1)).toBe('later give rack 90 32 qa@station a test');
});

test('a program that is not there, or says nothing, holds nothing', async ({ folder }) => {
  await expect(takeLease(commandKeeper(['./nothing'], about(folder)), HOLDER)).rejects.toThrow('ENOENT');
  await expect(takeLease(commandKeeper(['false'], about(folder)), HOLDER)).rejects.toThrow('said nothing');
});

test('a lease is renewed before a step when a third of its time has passed, and not earlier', async () => {
  let nowMs = 0;
  const asked: string[] = [];
  const keeper = {
    ...commandKeeper(['true'], about('/')),
    ask: (operation: string) => {
      asked.push(`${operation} ${nowMs}`);
      return Promise.resolve({ done: true, state: { is: 'held', secondsLeft: 90, holder: null, said: null } as const });
    },
  };
  const lease = await takeLease(keeper, HOLDER, () => nowMs);
  for (nowMs = 10_000; nowMs <= 100_000; nowMs += 10_000) await lease.step();
  await lease.give();
  await lease.give();
  expect(asked).toEqual(['take 0', 'renew 40000', 'renew 80000', 'give 110000']);
});

test('the examples: a lock of a CI server, and a place of labgrid', async ({ folder }) => {
  const example = (name: string) => join(PACKAGE_ROOT, 'docs/examples/lease', name);
  const inEnvironment = (command: string) => [
    'env',
    `PATH=${folder}:${process.env['PATH'] ?? ''}`,
    'LG_HOSTNAME=station',
    'LG_USERNAME=qa',
    ...command.split(' '),
  ];
  const locked = commandKeeper(inEnvironment(`EVERYLEAF_LOCKED=rack ${example('ciLock.sh')}`), about(folder));
  await (await takeLease(locked, HOLDER)).renew();
  await expect(
    takeLease(commandKeeper(inEnvironment(`EVERYLEAF_LOCKED=other ${example('ciLock.sh')}`), about(folder)), HOLDER),
  ).rejects.toThrow('this is no job that holds the lock rack: EVERYLEAF_LOCKED is "other"');
  // As labgrid-client of 25.0 behaves: a place that is acquired is not acquired again.
  program(
    folder,
    'labgrid-client',
    `[ "$1 $2" = "-p rack" ] || exit 2
    case $3 in
      acquire) [ ! -s by ] || exit 1; echo station/qa >by ;;
      release) : >by ;;
      show) printf "Place 'rack':\\n  matches:\\n  acquired: %s\\n  changed: now\\n" "$(cat by)" ;;
    esac`,
  );
  const place = commandKeeper(inEnvironment(example('labgrid.sh')), about(folder));
  const lease = await takeLease(place, HOLDER);
  await expect(takeLease(place, HOLDER)).rejects.toThrow('rack is acquired by station/qa');
  await lease.renew();
  await lease.give();
  await (await takeLease(place, HOLDER)).renew();
  writeFileSync(join(folder, 'by'), 'elsewhere/night\n');
  expect((await place.show()).said).toBe('rack is acquired by elsewhere/night');
});
