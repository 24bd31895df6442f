import { expect, test } from '@playwright/test';
import { PORT_TAGGED, SEALED_FRAMES, TAG_ON_ONE_LEAF, TWO_TAGS, UNKNOWN_TAGS } from './testing/tagKinds.js';
import { misjudged, TWELVE } from './testing/twins.js';

test('tags between switch and port are looked through', () => {
  expect(misjudged(PORT_TAGGED, 'told', TWELVE)).toEqual([]);
});

test('tags that are not known are named, and no data is called copied', () => {
  expect(misjudged(UNKNOWN_TAGS, 'doubtful', TWELVE, /a tag that is not known \(EtherType 0x/)).toEqual([]);
});

test('frames in frames are named, whatever else is around them', () => {
  const reason = /MAC-in-MAC|FabricPath|TRILL|MACsec/;
  expect(misjudged(SEALED_FRAMES, 'doubtful', TWELVE, reason)).toEqual([]);
});

test('two VLAN tags, on all leaves or on one, prove nothing where the profile does not judge them', () => {
  expect(misjudged(TWO_TAGS, 'doubtful', TWELVE, /does not judge/)).toEqual([]);
});

test('a tag on one leaf alone is its place of capture, and hides no failure', () => {
  expect(misjudged(TAG_ON_ONE_LEAF, 'never wrong', TWELVE, /tag/)).toEqual([]);
});
