import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';

/** A capture file that grows, with the stamps of now. */
export interface GrowingCapture extends Disposable {
  write(frame: Uint8Array, atMs?: number): void;
}

export function growingCapture(file: string): GrowingCapture {
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, pcapHeader(1));
  return {
    write(frame, atMs = Date.now()) {
      const seconds = Math.floor(atMs / 1_000);
      writeSync(descriptor, pcapRecord({ seconds, nanos: Math.floor((atMs - seconds * 1_000) * 1_000_000), frame }));
    },
    [Symbol.dispose]() {
      closeSync(descriptor);
    },
  };
}
