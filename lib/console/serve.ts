import { createServer, type Server } from 'node:net';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';
import { problemOf } from './problem.js';
import type { LabDaemonMethods, Problem } from './protocol.js';
import type { StandingLab } from './standingLab.js';

/** Any code that JSON-RPC leaves to applications; what is wrong is in the data. */
const APPLICATION_ERROR = 1;

/** What goes wrong is answered with its message, hint and exit code. */
function explained<P, R>(handler: (params: P) => R | Promise<R>): (params: P) => Promise<R | ResponseError<Problem>> {
  return async (params) => {
    try {
      return await handler(params);
    } catch (error) {
      const problem = problemOf(error);
      return new ResponseError(APPLICATION_ERROR, problem.message, problem);
    }
  };
}

/** Answers on the control socket; the folder around it keeps others out. `close` takes the lab down. */
export function serve(socketPath: string, lab: StandingLab, close: () => Promise<void>): Promise<Server> {
  const handlers: {
    readonly [M in keyof LabDaemonMethods]: (
      params: LabDaemonMethods[M]['params'],
    ) => LabDaemonMethods[M]['result'] | Promise<LabDaemonMethods[M]['result']>;
  } = {
    status: () => lab.status(),
    entry: ({ node, argv, folder }) => lab.entry(node, argv, folder),
    break: ({ leg, verb }) => lab.break(leg, verb),
    close: () => close().then(() => null),
  };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy()); // the client is gone
    const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    connection.onError(() => socket.destroy());
    connection.onRequest('status', explained(handlers.status));
    connection.onRequest('entry', explained(handlers.entry));
    connection.onRequest('break', explained(handlers.break));
    connection.onRequest('close', explained(handlers.close));
    connection.listen();
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(socketPath, () => resolve(server));
  });
}
