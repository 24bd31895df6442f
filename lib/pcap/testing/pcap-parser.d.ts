/** The parts of the untyped pcap-parser that tests and benchmarks use: micro pcap only. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface PcapParserPacket {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Buffer;
  }

  /** Emits `globalHeader`, `packet`, `end` and `error`. */
  export function parse(source: string | Readable): EventEmitter;
}
