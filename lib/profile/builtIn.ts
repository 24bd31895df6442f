import { anolis } from './table/anolis.js';
import { ebpf } from './table/ebpf.js';
import { everyNeighborFrame } from './table/everyNeighborFrame.js';
import { linuxBroadcastNeighbor } from './table/linuxBroadcastNeighbor.js';
import { nftDup } from './table/nftDup.js';
import { ovsGroup } from './table/ovsGroup.js';
import { ovsGroupTwoTags } from './table/ovsGroupTwoTags.js';
import { sonicDualTor } from './table/sonicDualTor.js';
import { tcCbpf } from './table/tcCbpf.js';
import { tcFlower } from './table/tcFlower.js';
import type { Profile } from './types.js';

/**
 * The profiles that everyleaf brings; the first is the default. Apart from lib/defaults.ts, because judging captures
 * must not wait for all that a lab needs.
 */
export const PROFILES: readonly Profile[] = [
  everyNeighborFrame,
  linuxBroadcastNeighbor,
  anolis,
  ovsGroup,
  ovsGroupTwoTags,
  nftDup,
  ebpf,
  tcCbpf,
  tcFlower,
  sonicDualTor,
];
