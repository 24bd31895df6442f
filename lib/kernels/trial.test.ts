import { expect, test } from '@playwright/test';
import { madeWay, toEach } from './testing/madeWay.js';
import { recordOf } from './trial.js';
import { sectionsOf } from './trialScript.js';
import { WAYS, type Way } from './ways.js';

const [untagged] = WAYS as readonly [Way];
const capture = Buffer.from(madeWay(untagged, toEach).captures.get('leaf-a') ?? []);
const RECORDS = untagged.craft({ salt: 1, nextId: () => 1 }).length + 3;

/** What a guest prints. */
function output({
  captured = RECORDS,
  bytes = capture,
  errors = 0,
  softnet = '00000001 00000000 00000000',
} = {}): string {
  return [
    '== devices leaf-a before',
    'to-host: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0',
    '== devices leaf-a after',
    `to-host: 200 2 ${errors} 0 0 0 0 0 100 1 0 0 0 0 0 0`,
    '== softnet before',
    '00000001 00000000 00000000',
    '== softnet after',
    softnet,
    '== said leaf-a',
    'tcpdump: listening on to-host, link-type EN10MB (Ethernet), snapshot length 1960 bytes',
    `${captured} packets captured`,
    `${captured} packets received by filter`,
    '0 packets dropped by kernel',
    '== capture leaf-a',
    (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\n'),
    '== end',
    '',
  ].join('\n');
}

const record = (text: string) => recordOf(sectionsOf(text), 'leaf-a', 'to-host', { before: 1, after: 2, fence: 3 });

test('a capture that came out of the guest whole lost nothing', () => {
  expect(record(output())).toMatchObject({ droppedByKernel: 0, droppedByInterface: 0, portDrops: 0 });
  expect(record(output()).ready).toContain('listening on to-host');
});

test('a record that did not come out of the guest is a loss', () => {
  expect(record(output({ captured: RECORDS + 1 })).droppedByKernel).toBe(1);
  expect(record(output({ bytes: capture.subarray(0, capture.length - 40) })).droppedByKernel).toBe(1);
});

test('errors of the port and a full backlog are losses, and what cannot be read is no zero', () => {
  expect(record(output({ errors: 2 })).portDrops).toBe(2);
  expect(record(output({ softnet: '00000001 00000003 00000000' })).portDrops).toBe(3);
  expect(record(output().replace('== softnet before', '== other')).portDrops).toBeNull();
  expect(record(output().replaceAll('to-host:', 'gone:')).portDrops).toBeNull();
  expect(record(output().replace('dropped by kernel', 'lost')).droppedByKernel).toBeNull();
  expect(record(output().replace('listening on', 'no')).ready).toBeNull();
});
