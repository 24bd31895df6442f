/**
 * The agent: pid 1 of its own pid namespace, with its own mount and network (and, when not root, user) namespace.
 * Whatever it starts, links or mounts lives in these; when it ends, however it ends, the kernel takes all of it back.
 */
import { existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createMessageConnection, StreamMessageReader } from 'vscode-jsonrpc/node.js';
import { openChannels } from './channels.js';
import { collectStreams, endStream, readChunks, unpackFrames, writeChunk } from './chunks.js';
import { closeSenders, injectFrames } from './inject.js';
import { askSocket } from './jsonRpc.js';
import { forgetNamespace, inNamespace, readFiles } from './namespaces.js';
import { createMessageWriter } from './messageWriter.js';
import { packetSocketsOf } from './packetSockets.js';
import { runCommand, startDaemon, type Daemon } from './processes.js';
import type { AgentMethods, AgentNotifications, CommandRequest } from './protocol.js';
import { mountTmpfs, realtimeNs, setUp } from './sys.js';

mountTmpfs('/run');
mkdirSync('/run/everyleaf');

/** For one `ip -batch` over all nodes of a lab. */
const WIRING_MS = 20_000;

const ports = process.argv.slice(2);
const { calls, chunks } = openChannels(ports);
const connection = createMessageConnection(new StreamMessageReader(calls.from), createMessageWriter(calls.to));
const inputs = collectStreams();
readChunks(chunks.from, (stream, bytes) => inputs.take(stream, bytes));
// The harness is gone, which the other channel tells, too.
for (const side of [chunks.from, chunks.to]) side.on('error', () => undefined);
/**
 * Processes whose stdout goes through the chunk channel. While the channel is full they are not read, so that nothing
 * piles up here.
 */
const speaking = new Set<Daemon>();
chunks.to.on('drain', () => speaking.forEach((daemon) => daemon.hold(false)));

const daemons = new Map<number, { readonly daemon: Daemon; readonly node: string }>();

function handle<M extends keyof AgentMethods>(
  method: M,
  work: (params: AgentMethods[M]['params']) => Promise<AgentMethods[M]['result']>,
): void {
  connection.onRequest(method, work);
}

function notify<N extends keyof AgentNotifications>(name: N, value: AgentNotifications[N]): void {
  void connection.sendNotification(name, value);
}

async function ipBatch(lines: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand({
    node: null,
    argv: ['ip', '-batch', '-'],
    input: Buffer.from(lines.join('\n')),
    timeoutMs: WIRING_MS,
  });
  if (code !== 0) throw new Error(`ip -batch: ${stderr.trim()}`);
}

/** The request with its stdin, once all of that has arrived. */
async function withInput<T extends CommandRequest>({ input, ...rest }: T) {
  return input === undefined ? rest : { ...rest, input: await inputs.whole(input) };
}

handle('createNodes', async ({ names, folders }) => {
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  await ipBatch(names.map((name) => `netns add ${name}`));
  return null;
});

handle('deleteNodes', async ({ names, folders }) => {
  const ends: Promise<unknown>[] = [];
  for (const [id, { daemon, node }] of daemons) {
    if (!names.includes(node)) continue;
    if (!daemon.hasEnded()) daemon.kill('SIGKILL');
    ends.push(daemon.ended);
    daemons.delete(id);
  }
  await Promise.all(ends);
  for (const name of names) {
    closeSenders(name);
    forgetNamespace(name);
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await ipBatch(names.map((name) => `netns del ${name}`));
  return null;
});

handle('run', async (request) => runCommand(await withInput(request)));

handle('setUp', ({ node, ports }) => {
  inNamespace(node, () => setUp(ports));
  return Promise.resolve(null);
});

handle('packetSockets', ({ node, pidFile }) => Promise.resolve(packetSocketsOf(node, pidFile)));

handle('sysctl', ({ node, values }) => {
  inNamespace(node, () => {
    for (const [path, value] of Object.entries(values)) writeFileSync(`/proc/sys/${path}`, value);
  });
  return Promise.resolve(null);
});

handle('read', ({ node, paths }) => Promise.resolve(readFiles(node, paths)));

handle('put', async ({ path, bytes }) => {
  const content = await inputs.whole(bytes);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return null;
});

handle('awaitPath', ({ path, timeoutMs }) => {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), () => {
      if (existsSync(path)) done(true);
    });
    const timer = setTimeout(() => done(existsSync(path)), timeoutMs);
    const done = (exists: boolean) => {
      clearTimeout(timer);
      watcher.close();
      resolve(exists);
    };
    if (existsSync(path)) done(true);
  });
});

handle('jsonRpc', ({ path, method, params, timeoutMs }) => askSocket(path, method, params, timeoutMs));

handle('start', async ({ id, bytes, ...request }) => {
  const daemon = startDaemon({
    ...(await withInput(request)),
    onLine: (line) => notify('line', { id, line }),
    ...(bytes
      ? {
          onBytes(chunk: Uint8Array) {
            if (!writeChunk(chunks.to, id, chunk)) speaking.forEach((one) => one.hold(true));
          },
        }
      : {}),
  });
  daemons.set(id, { daemon, node: request.node });
  if (bytes) speaking.add(daemon);
  void daemon.ended.then((end) => {
    if (speaking.delete(daemon)) endStream(chunks.to, id);
    notify('ended', { id, end });
  });
  return null;
});

handle('stop', async ({ id, signal, timeoutMs }) => {
  const found = daemons.get(id);
  if (found === undefined) throw new RangeError(`no process with id ${id}`);
  const { daemon } = found;
  const kill = setTimeout(() => daemon.kill('SIGKILL'), timeoutMs);
  if (!daemon.hasEnded()) daemon.kill(signal as NodeJS.Signals);
  const end = await daemon.ended;
  clearTimeout(kill);
  daemons.delete(id);
  return end;
});

handle('inject', async ({ frames, ...request }) =>
  injectFrames({ ...request, frames: unpackFrames(await inputs.whole(frames)) }),
);

handle('now', () => Promise.resolve(String(realtimeNs())));

// The harness is gone: so are we, and everything with us. Its channel sees it even where the parent-death signal cannot.
const leave = () => process.exit(0);
connection.onClose(leave);
calls.from.on('end', leave);
calls.from.on('close', leave);
// An interrupt from the terminal reaches the whole foreground group; the harness decides when labs end, and then we see
// its pipe close.
process.on('SIGINT', () => undefined);
connection.listen();
// Who starts it in a virtual machine waits for this.
if (ports.length > 0) process.stdout.write('listening\n');
