import { buildFrame } from '../build.js';
import type { VlanTag } from '../frame.js';
import { KINDS, type KindId } from '../kinds.js';
import type { BuildParams } from '../params.js';

export const SAMPLE: BuildParams = {
  sourceMac: '02:00:00:00:01:0a',
  sourceIpv4: '198.51.100.10',
  sourceIpv6: '2001:db8:1::10',
  gatewayMac: '02:00:5e:00:01:01',
  gatewayIpv4: '198.51.100.1',
  gatewayIpv6: '2001:db8:1::1',
  variation: 0,
  salt: 0xdeadbeef,
  id: 7,
};

export const TAG_FORMS: readonly (readonly VlanTag[])[] = [
  [],
  [{ tpid: 0x8100, vid: 20, pcp: 3, dei: false }],
  [
    { tpid: 0x88a8, vid: 300, pcp: 5, dei: true },
    { tpid: 0x8100, vid: 20, pcp: 0, dei: false },
  ],
];

export interface CatalogueFrame {
  readonly kind: KindId;
  readonly variation: number;
  readonly tags: readonly VlanTag[];
  readonly frame: Uint8Array;
}

/** Every kind in every tag form, for each variation. */
export function catalogueFrames(variations: readonly number[] = [0, 1, 2, 70_000]): readonly CatalogueFrame[] {
  return variations.flatMap((variation) =>
    TAG_FORMS.flatMap((tags) =>
      KINDS.map(({ id: kind }) => ({ kind, variation, tags, frame: buildFrame(kind, { ...SAMPLE, variation, tags }) })),
    ),
  );
}
