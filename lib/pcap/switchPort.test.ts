import { expect, test } from '@playwright/test';
import { catalogueFrames } from '../wire/testing/catalogue.js';
import { LINK_TYPE } from './linkType.js';
import { createSwitchPortView } from './switchPort.js';
import { atSwitchPort, SWITCH_PORT_LINKS } from './testing/switchPort.js';

for (const linkType of SWITCH_PORT_LINKS) {
  test(`every kind in every tag form comes out of link type ${linkType} as it went in`, () => {
    const view = createSwitchPortView();
    let converted = 0;
    const wrong = catalogueFrames().flatMap(({ kind, frame }) =>
      [false, true].flatMap((isOutgoing) => {
        const seen = atSwitchPort(frame, linkType, 3, isOutgoing);
        const buffer = new Uint8Array(seen.length + 20).fill(0xee);
        buffer.set(seen, 10);
        converted++;
        const isRight =
          view.convert(buffer, 10, seen.length, seen.length, linkType) &&
          Buffer.from(view.bytes.subarray(0, view.captured)).equals(frame) &&
          view.original === frame.length &&
          view.isOutgoing === isOutgoing;
        return isRight ? [] : [{ kind, isOutgoing, frame: Buffer.from(frame).toString('hex') }];
      }),
    );
    // One look at all of them: thousands of expectations would take longer than what they expect.
    expect(wrong).toEqual([]);
    expect(converted).toBeGreaterThan(100);
  });

  test(`a frame of link type ${linkType} that is cut inside its headers is refused, a longer one is not`, () => {
    const view = createSwitchPortView();
    const seen = atSwitchPort(catalogueFrames()[0]?.frame ?? new Uint8Array(0), linkType);
    const least = seen.length - (catalogueFrames()[0]?.frame.length ?? 0) + 14;
    for (let length = 0; length < least; length++)
      expect(view.convert(seen.slice(0, length), 0, length, seen.length, linkType)).toBe(false);
    expect(view.convert(seen.slice(0, least), 0, least, seen.length, linkType)).toBe(true);
    expect(view.original).toBeGreaterThan(view.captured);
  });
}

test('CFI, priority and VLAN of a tag survive Marvell', () => {
  const view = createSwitchPortView();
  for (const tci of [0x0000, 0x1000, 0xffff, 0xe014, 0x7abc]) {
    const frame = Uint8Array.of(
      ...new Uint8Array(12).fill(2),
      0x81,
      0,
      tci >> 8,
      tci & 0xff,
      8,
      6,
      ...new Uint8Array(28),
    );
    for (const linkType of [LINK_TYPE.marvellDsa, LINK_TYPE.marvellEdsa]) {
      const seen = atSwitchPort(frame, linkType);
      expect(view.convert(seen, 0, seen.length, seen.length, linkType)).toBe(true);
      expect([...view.bytes.subarray(0, view.captured)]).toEqual([...frame]);
    }
  }
});

test('what Juniper shows without an Ethernet header, or without its own, is refused; extensions may lack', () => {
  const view = createSwitchPortView();
  const frame = new Uint8Array(60).fill(7);
  const convert = (...head: readonly number[]): boolean => {
    const seen = Uint8Array.of(...head, ...frame);
    return view.convert(seen, 0, seen.length, seen.length, LINK_TYPE.juniperEthernet);
  };
  expect(convert(0x4d, 0x47, 0x43, 0x83, 0, 0)).toBe(false);
  expect(convert(0x4d, 0x47, 0x44, 0x81, 0, 0)).toBe(false);
  expect(convert(0x4d, 0x47, 0x43, 0x81, 0xff, 0xff)).toBe(false);
  expect(convert(0x4d, 0x47, 0x43, 0x01)).toBe(true);
  expect([view.captured, view.isOutgoing]).toEqual([60, false]);
});
