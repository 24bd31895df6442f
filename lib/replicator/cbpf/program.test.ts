import { expect, test } from '@playwright/test';
import { buildFrame } from '../../wire/build.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import { assemble, bytecode } from './assemble.js';
import { MARK } from '../tc/actions.js';
import { PROGRAM } from './program.js';
import { ran } from './testing/ran.js';

const ADDRESSES = {
  ...{ sourceMac: '02:00:00:00:00:01', gatewayMac: '02:00:00:00:00:fe', variation: 1, salt: 7, id: 1 },
  ...{ sourceIpv4: '192.0.2.77', sourceIpv6: '2001:db8::77', gatewayIpv4: '192.0.2.1', gatewayIpv6: '2001:db8::1' },
};

const frame = (kind: KindId) => Buffer.from(buildFrame(kind, ADDRESSES));
const tagged = (bytes: Buffer, type: number) =>
  Buffer.concat([bytes.subarray(0, 12), Buffer.from([type >> 8, type & 0xff, 0, 20]), bytes.subarray(12)]);

// A malformed one has the type of a right one; whether it is copied is not judged.
const NEIGHBORS = [
  ...KINDS.filter(({ expected }) => expected === 'one-each').map(({ id }) => id),
  'ns-ext-header',
  'nd-malformed',
];

test('takes each kind of neighbor frame and no other, without a tag and behind one', () => {
  for (const { id } of KINDS) {
    const forms = [frame(id), tagged(frame(id), 0x81_00), tagged(frame(id), 0x88_a8)];
    const taken = forms.map((bytes) => ran(PROGRAM, bytes, 0) !== 0);
    expect(taken, id).toEqual(forms.map(() => NEIGHBORS.includes(id)));
  }
});

test('leaves what is marked alone, so that no copy is copied, and takes other marks as they come', () => {
  expect(ran(PROGRAM, frame('garp-request'), MARK)).toBe(0);
  expect(ran(PROGRAM, frame('garp-request'), 1)).toBe(0xff_ff_ff_ff);
});

test('two tags are one too many, and what is cut off before its type is left alone', () => {
  expect(ran(PROGRAM, tagged(tagged(frame('garp-request'), 0x81_00), 0x88_a8), 0)).toBe(0);
  for (const kind of ['ns-multicast', 'ns-ext-header'] as const) {
    const taken = Array.from(frame(kind), (_, length) => ran(PROGRAM, frame(kind).subarray(0, length), 0) !== 0);
    // Ethernet, IPv6, 8 bytes of options where there are some, and the type.
    expect(taken.indexOf(true), kind).toBe(14 + 40 + (kind === 'ns-multicast' ? 0 : 8) + 1);
  }
});

test('a program is assembled with jumps in numbers, and one that jumps nowhere is refused', () => {
  const program = assemble([
    ['start', ['ldh', 12], ['jeq', 0x806, 'take'], ['ret', 0]],
    ['take', ['ret', 9]],
  ]);
  expect(bytecode(program)).toBe('4,40 0 0 12,21 1 0 2054,6 0 0 0,6 0 0 9');
  expect(() => assemble([['start', ['jeq', 1, 'nowhere']]])).toThrow('instruction 0 cannot jump to "nowhere"');
  expect(() => assemble([['start', ['ldh', 12], ['jeq', 1, 'start']]])).toThrow('cannot jump to "start"');
});
