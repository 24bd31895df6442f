import { openSync, read } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';
import { CHUNK_CHANNEL } from './command.js';

/** The ways between agent and harness, as the agent has them. */
export interface AgentChannels {
  readonly calls: { readonly from: Readable; readonly to: Writable };
  readonly chunks: { readonly from: Readable; readonly to: Writable };
}

/** As many bytes as a pipe holds; a port gives at most a page at a time. */
const READ_BYTES = 65_536;
/** Between two looks at a port at whose other end nobody is yet. */
const NOBODY_MS = 10;

/**
 * Reads a port of a virtual machine. Its end-of-file means that nobody is connected to the other end: before the first
 * byte, not yet; after it, no more.
 */
function readPort(fd: number): Readable {
  const buffer = Buffer.alloc(READ_BYTES);
  let hasBegun = false;
  return new Readable({
    read() {
      const look = (): void =>
        read(fd, buffer, 0, buffer.length, null, (error, count) => {
          if (error !== null) this.destroy(error);
          else if (count > 0) {
            hasBegun = true;
            this.push(Buffer.from(buffer.subarray(0, count)));
          } else if (hasBegun) this.push(null);
          else setTimeout(look, NOBODY_MS);
        });
      look();
    },
  });
}

function openPort(path: string): { readonly from: Readable; readonly to: Writable } {
  const fd = openSync(path, 'r+');
  return { from: readPort(fd), to: createWriteStream('', { fd }) };
}

/**
 * @param ports of a virtual machine: for calls, and for chunks. Without them: stdin and stdout, and `CHUNK_CHANNEL`.
 */
export function openChannels([calls, chunks]: readonly string[]): AgentChannels {
  if (calls !== undefined && chunks !== undefined) return { calls: openPort(calls), chunks: openPort(chunks) };
  const socket = new Socket({ fd: CHUNK_CHANNEL });
  return { calls: { from: process.stdin, to: process.stdout }, chunks: { from: socket, to: socket } };
}
