import { expect, test } from '@playwright/test';
import { buildFrame } from './build.js';
import { WireError } from './error.js';
import { KINDS } from './kinds.js';
import { catalogueFrames, SAMPLE } from './testing/catalogue.js';
import { readToken } from './token.js';

test('every frame is at least 60 bytes and ends with its token', () => {
  for (const { kind, frame } of catalogueFrames()) {
    expect(frame.length, kind).toBeGreaterThanOrEqual(60);
    expect(readToken(frame, 0, frame.length, SAMPLE.salt), kind).toBe(SAMPLE.id);
  }
});

for (const { id: kind } of KINDS) {
  test(`${kind} stretches to the MTU`, () => {
    const frame = buildFrame(kind, { ...SAMPLE, payloadBytes: 1500 });
    expect(frame.length).toBe(1514);
    expect(readToken(frame, 0, frame.length, SAMPLE.salt)).toBe(SAMPLE.id);
  });
}

/** So many forms, and else as those below. */
const ARP_OTHER_FORMS = 3;

/** These speak of nothing but the sender's own address; their token alone makes them unique. */
const ONE_CONTENT = new Set([
  'arp-reply-unicast',
  'garp-request',
  'garp-reply',
  'arp-announcement',
  'rarp',
  'rs',
  'ra',
  'data-other',
  'canary',
]);

test('the variation makes contents unique', () => {
  for (const { id: kind } of KINDS) {
    const contents = new Set(
      Array.from({ length: 100 }, (_, variation) =>
        Buffer.from(buildFrame(kind, { ...SAMPLE, variation })).toString('hex'),
      ),
    );
    expect(contents.size, kind).toBe(kind === 'arp-other' ? ARP_OTHER_FORMS : ONE_CONTENT.has(kind) ? 1 : 100);
  }
});

test('what cannot be built is refused', () => {
  for (const wrong of [
    { sourceMac: 'x' },
    { gatewayIpv6: '1.2.3.4' },
    { variation: -1 },
    { variation: 0.5 },
    { payloadBytes: 1e6 },
    { tags: [{ tpid: 0x8100, vid: 4096, pcp: 0, dei: false }] as const },
  ]) {
    expect(() => buildFrame('arp-probe', { ...SAMPLE, ...wrong }), JSON.stringify(wrong)).toThrow(WireError);
  }
});
