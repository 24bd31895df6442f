import { createCaptureParser } from '../pcap/parser.js';
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

/** All frames of a capture that are readable, in file order. */
export async function* rawFrames(file: string): AsyncGenerator<RawFrame, undefined> {
  let ready: RawFrame[] = [];
  const parser = createCaptureParser({
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      ready.push({
        bytes: new Uint8Array(bytes.subarray(start, start + captured)),
        original,
        seconds,
        nanos,
        linkType,
        iface,
        offset,
      });
    },
  });
  try {
    for await (const chunk of captureStream(file)) {
      parser.push(chunk);
      yield* ready;
      ready = [];
      if (parser.isDamaged()) break;
    }
  } catch {
    // What was readable is given; that the rest is not, the judgement has said already.
  }
  parser.end();
  yield* ready;
}
