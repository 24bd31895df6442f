import { isRegularFile } from '../files.js';
import { LINK_TYPE } from '../pcap/linkType.js';
import { createLinkView } from '../pcap/linkView.js';
import type { Selection } from '../judge/captures/selection.js';
import type { Copy, Delivery, Judgement } from '../judge/types.js';
import { differences, tagsOf } from '../wire/compare.js';
import { plainOf } from '../wire/portTag.js';
import { partsOf, type CaptureFile } from './captureFiles.js';
import { rawFrames } from './rawFrames.js';

/** Frames by leaf and record offset; cooked ones as Ethernet. */
export type FramesByLeaf = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

/**
 * Fetches the frames that a judgement's deliveries speak of by reading the captures again: all of them, or only those
 * of altered copies. Frames of standard input and of pipes are gone.
 */
export async function framesOfDeliveries(
  judgement: Judgement,
  captures: readonly CaptureFile[],
  all: boolean,
): Promise<FramesByLeaf> {
  const wanted = judgement.deliveries.filter((delivery) => all || isAltered(delivery));
  const found = new Map<string, Map<number, Uint8Array>>();
  for (const capture of captures) {
    const { leaf, selection } = capture;
    const offsets = new Set(
      wanted.flatMap((delivery) => delivery.leaves[leaf]?.copies.map((copy) => copy.offset) ?? []),
    );
    const files = partsOf(capture);
    if (offsets.size > 0 && files.every(isRegularFile)) found.set(leaf, await framesAt(files, selection, offsets));
  }
  return found;
}

async function framesAt(
  files: readonly string[],
  selection: Selection | undefined,
  offsets: ReadonlySet<number>,
): Promise<Map<number, Uint8Array>> {
  const found = new Map<number, Uint8Array>();
  const link = createLinkView();
  for await (const { bytes, offset, original, linkType } of rawFrames(files, selection)) {
    if (!offsets.has(offset)) continue;
    if (linkType === LINK_TYPE.ethernet) found.set(offset, plainOf(bytes));
    else if (link.convert(bytes, 0, bytes.length, original, linkType))
      found.set(offset, plainOf(link.bytes.slice(0, link.captured)));
    if (found.size === offsets.size) break;
  }
  return found;
}

/** Puts into words how altered copies differ, where both frames are at hand. */
export function explainDifferences(judgement: Judgement, frames: FramesByLeaf): Judgement {
  return {
    ...judgement,
    deliveries: judgement.deliveries.map((delivery) => (isAltered(delivery) ? explained(delivery, frames) : delivery)),
  };
}

function explained(delivery: Delivery, frames: FramesByLeaf): Delivery {
  const originals = Object.entries(delivery.leaves).flatMap(([leaf, { copies }]) => {
    const bytes = copies[0]?.differences.length === 0 ? frames.get(leaf)?.get(copies[0].offset) : undefined;
    return bytes === undefined ? [] : [bytes];
  });
  const [original] = originals;
  if (original === undefined) return delivery;
  const tell = (leaf: string, copy: Copy): Copy => {
    const bytes = copy.differences.length === 0 ? undefined : frames.get(leaf)?.get(copy.offset);
    if (bytes === undefined) return copy;
    const said = differences(original, tagsOf(original), bytes, bytes.length);
    return { ...copy, differences: said.length === 0 ? copy.differences : said };
  };
  return {
    ...delivery,
    leaves: Object.fromEntries(
      Object.entries(delivery.leaves).map(([leaf, { outcome, copies }]) => [
        leaf,
        { outcome, copies: copies.map((copy) => tell(leaf, copy)) },
      ]),
    ),
  };
}

function isAltered(delivery: Delivery): boolean {
  return Object.values(delivery.leaves).some(({ copies }) => copies.some((copy) => copy.differences.length > 0));
}
