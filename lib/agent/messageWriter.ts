import type { Writable } from 'node:stream';
import { Emitter, type Message, type MessageWriter } from 'vscode-jsonrpc/node.js';

/**
 * Writes each message and its header in one piece. The writer of the library takes two system calls for that, and wakes
 * the reader twice. The form is the base protocol of the Language Server Protocol, which the library reads.
 */
export function createMessageWriter(stream: Writable): MessageWriter {
  const errors = new Emitter<[Error, Message | undefined, number | undefined]>();
  const closes = new Emitter<void>();
  stream.on('error', (error) => void errors.fire([error, undefined, undefined]));
  stream.on('close', () => void closes.fire());
  return {
    onError: errors.event,
    onClose: closes.event,
    write(message) {
      const text = JSON.stringify(message);
      const whole = `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
      return new Promise((resolve, reject) => stream.write(whole, (error) => (error ? reject(error) : resolve())));
    },
    end: () => void stream.end(),
    dispose() {
      errors.dispose();
      closes.dispose();
    },
  };
}
