import { createMirrors } from '../judge/captures/mirrors.js';
import { EVERYTHING, selectedSink, type Selection } from '../judge/captures/selection.js';
import { createChainParser } from '../pcap/chain.js';
import type { FrameSink } from '../pcap/types.js';
import { captureStream } from './captureChunks.js';

/** One frame of a capture as it stands in the file. */
export interface RawFrame {
  readonly bytes: Uint8Array;
  readonly original: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly linkType: number;
  readonly iface: number;
  readonly offset: number;
}

/** All frames of a capture that are readable and selected, in file order; of a mirror, those inside its packets. */
export async function* rawFrames(
  files: readonly string[],
  selection: Selection = EVERYTHING,
): AsyncGenerator<RawFrame, undefined> {
  let ready: RawFrame[] = [];
  const sink: FrameSink = {
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      ready.push({
        bytes: new Uint8Array(bytes.subarray(start, start + captured)),
        original,
        seconds,
        nanos,
        linkType,
        // What comes in and what goes out of a mirrored port is one interface.
        iface: selection.by === 'session' ? 0 : iface,
        offset,
      });
    },
  };
  const selected = { frames: 0, vlans: new Set<number>() };
  const parser = createChainParser(
    selectedSink(selection, sink, createMirrors(), () => false, selected),
    files,
  );
  try {
    for (const [part, file] of files.entries()) {
      if (part > 0) parser.next();
      for await (const chunk of captureStream(file)) {
        parser.push(chunk);
        yield* ready;
        ready = [];
        if (parser.isDamaged()) break;
      }
    }
  } catch {
    // What was readable is given; that the rest is not, the judgement has said already.
  }
  parser.end();
  yield* ready;
}
