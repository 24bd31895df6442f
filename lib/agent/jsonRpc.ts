import { createConnection } from 'node:net';
import type { JsonRpcAnswer } from '../testbed/node.js';

function parsed(text: string): JsonRpcAnswer | null {
  try {
    return JSON.parse(text) as JsonRpcAnswer;
  } catch {
    return null; // not all of it is here yet
  }
}

/**
 * Asks a daemon at its unix socket, one connection for each question. Rejects when nobody listens there, when the
 * connection ends without an answer, and after the time. Source: RFC 7047 section 4; ovs-appctl(8) speaks the same.
 */
export function askSocket(
  path: string,
  method: string,
  params: readonly unknown[],
  timeoutMs: number,
): Promise<JsonRpcAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = createConnection(path, () => socket.write(JSON.stringify({ method, params, id: 0 })));
    const timer = setTimeout(() => end(new Error(`${path}: no answer to ${method} within ${timeoutMs} ms`)), timeoutMs);
    const end = (came: JsonRpcAnswer | Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (came instanceof Error) reject(came);
      else resolve(came);
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      // An object ends with its brace; only then is it worth a look.
      const answer = text.endsWith('}') || text.endsWith('}\n') ? parsed(text) : null;
      if (answer !== null) end(answer);
    });
    socket.on('error', end);
    socket.on('close', () => end(new Error(`${path}: the connection ended before the answer to ${method}`)));
  });
}
