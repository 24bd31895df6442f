import { expect, test } from '@playwright/test';
import { classify, newClassification, type Classification } from '../wire/classify.js';
import { KINDS } from '../wire/kinds.js';
import { catalogueFrames, SAMPLE } from '../wire/testing/catalogue.js';
import { readToken } from '../wire/token.js';
import { createCookedView, LINK_TYPE, PACKET_TYPE } from './linkType.js';

/** How the kernel and libpcap cook a frame. */
function cook(frame: Uint8Array, linkType: number, packetType: number): Uint8Array {
  const source = frame.subarray(6, 12);
  const protocol = frame.subarray(12, 14);
  const head =
    linkType === LINK_TYPE.linuxSll
      ? [0, packetType, 0, 1, 0, 6, ...source, 0, 0, ...protocol]
      : [...protocol, 0, 0, 0, 0, 0, 9, 0, 1, packetType, 6, ...source, 0, 0];
  return Uint8Array.from([...head, ...frame.subarray(14)]);
}

function packetType(frame: Uint8Array): number {
  if (frame.subarray(0, 6).every((byte) => byte === 0xff)) return PACKET_TYPE.broadcast;
  return ((frame[0] ?? 0) & 1) === 1 ? PACKET_TYPE.multicast : PACKET_TYPE.toUs;
}

/** A multicast of IPv6, whose group can be told from the packet. */
const isGroup = ({ etherType }: Classification, frame: Uint8Array): boolean =>
  etherType === 0x86dd && packetType(frame) === PACKET_TYPE.multicast;

// One expectation for all frames: each takes longer than what is expected.
for (const linkType of [LINK_TYPE.linuxSll, LINK_TYPE.linuxSll2]) {
  test(`every kind keeps its kind, tags and token through link type ${linkType}`, () => {
    const view = createCookedView();
    const out = newClassification();
    const [said, expected]: [unknown[], unknown[]] = [[], []];
    for (const { kind, tags, frame } of catalogueFrames()) {
      const cooked = cook(frame, linkType, packetType(frame));
      const buffer = new Uint8Array(cooked.length + 20).fill(0xee);
      buffer.set(cooked, 10);
      const isTaken = view.convert(buffer, 10, cooked.length, cooked.length, linkType);
      said.push({
        isTaken,
        size: [view.captured, view.original],
        kind: KINDS[classify(view.bytes, 0, view.captured, out)]?.id,
        tags: out.tagCount,
        source: out.sourceLow,
        token: readToken(view.bytes, 0, view.captured, SAMPLE.salt),
        port: view.interfaceIndex,
        group: isGroup(out, frame) ? [...view.bytes.slice(0, 6)] : null,
      });
      expected.push({
        isTaken: true,
        size: [frame.length, frame.length],
        kind,
        tags: tags.length,
        source: 0x0000010a,
        token: SAMPLE.id,
        port: linkType === LINK_TYPE.linuxSll2 ? 9 : 0,
        group: isGroup(out, frame) ? [...frame.slice(0, 6)] : null,
      });
    }
    expect(said).toEqual(expected);
  });
}

test('what is no cooked frame is refused', () => {
  const view = createCookedView();
  const bytes = new Uint8Array(100);
  expect(view.convert(bytes, 0, 15, 15, LINK_TYPE.linuxSll)).toBe(false);
  expect(view.convert(bytes, 0, 19, 19, LINK_TYPE.linuxSll2)).toBe(false);
  expect(view.convert(bytes, 0, 100, 100, LINK_TYPE.ethernet)).toBe(false);
  expect(view.convert(bytes, 0, 16, 16, LINK_TYPE.linuxSll)).toBe(true);
});

test('an outgoing frame says so', () => {
  const view = createCookedView();
  const frame = catalogueFrames([0])[0]?.frame ?? new Uint8Array(0);
  const cooked = cook(frame, LINK_TYPE.linuxSll2, PACKET_TYPE.outgoing);
  view.convert(cooked, 0, cooked.length, cooked.length, LINK_TYPE.linuxSll2);
  expect(view.packetType).toBe(PACKET_TYPE.outgoing);
  expect([...view.bytes.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
});
