/**
 * The agent: pid 1 of its own pid namespace, with its own mount and network (and, when not root, user) namespace. Whatever it
 * starts, links or mounts lives in these; when it ends, however it ends, the kernel takes all of it back.
 */
import { mkdirSync, watch, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';
import { startCapture, type Capture } from './capture.js';
import { closeSenders, injectFrames } from './inject.js';
import { forgetNamespace, inNamespace } from './namespaces.js';
import { runCommand, startDaemon, type Daemon } from './processes.js';
import { readSocketDrops } from './socketDrops.js';
import { mountTmpfs, realtimeNs } from './sys.js';
import type { AgentMethods, AgentNotifications } from './protocol.js';
import { DURATIONS } from '../durations.js';

mountTmpfs('/run');
mkdirSync('/run/everyleaf');

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const daemons = new Map<number, { readonly daemon: Daemon; readonly node: string }>();
const captures = new Map<number, { readonly capture: Capture; readonly node: string }>();
let lastId = 0;

function handle<M extends keyof AgentMethods>(
  method: M,
  work: (params: AgentMethods[M]['params']) => Promise<AgentMethods[M]['result']>,
): void {
  connection.onRequest(method, work);
}

function notify<N extends keyof AgentNotifications>(name: N, value: AgentNotifications[N]): void {
  void connection.sendNotification(name, value);
}

function found<T>(map: ReadonlyMap<number, T>, id: number, what: string): T {
  const value = map.get(id);
  if (value === undefined) throw new RangeError(`no ${what} with id ${id}`);
  return value;
}

async function ipBatch(lines: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand({
    node: null,
    argv: ['ip', '-batch', '-'],
    input: lines.join('\n'),
    timeoutMs: DURATIONS.command,
  });
  if (code !== 0) throw new Error(`ip -batch: ${stderr.trim()}`);
}

handle('createNodes', async ({ names }) => {
  await ipBatch(names.map((name) => `netns add ${name}`));
  return null;
});

handle('deleteNodes', async ({ names }) => {
  const ends: Promise<unknown>[] = [];
  for (const [id, { daemon, node }] of daemons) {
    if (!names.includes(node)) continue;
    if (!daemon.hasEnded()) daemon.child.kill('SIGKILL');
    ends.push(daemon.ended);
    daemons.delete(id);
  }
  for (const [id, { capture, node }] of captures) {
    if (!names.includes(node)) continue;
    ends.push(capture.stop());
    captures.delete(id);
  }
  await Promise.all(ends);
  for (const name of names) {
    closeSenders(name);
    forgetNamespace(name);
  }
  await ipBatch(names.map((name) => `netns del ${name}`));
  return null;
});

handle('run', (request) => runCommand(request));

handle('sysctl', ({ node, values }) => {
  inNamespace(node, () => {
    for (const [path, value] of Object.entries(values)) writeFileSync(`/proc/sys/${path}`, value);
  });
  return Promise.resolve(null);
});

handle('writeFile', ({ path, text }) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return Promise.resolve(null);
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

handle('startDaemon', ({ node, argv, env }) => {
  const id = ++lastId;
  const daemon = startDaemon({
    node,
    argv,
    ...(env === undefined ? {} : { env }),
    onLine: (line, stream) => notify('daemonLine', { id, line, stream }),
  });
  daemons.set(id, { daemon, node });
  void daemon.ended.then((end) => notify('daemonEnded', { id, end }));
  return Promise.resolve({ id, pid: daemon.child.pid ?? null });
});

handle('stopDaemon', async ({ id, signal, timeoutMs }) => {
  const { daemon } = found(daemons, id, 'daemon');
  const kill = setTimeout(() => daemon.child.kill('SIGKILL'), timeoutMs);
  if (!daemon.hasEnded()) daemon.child.kill(signal as NodeJS.Signals);
  const end = await daemon.ended;
  clearTimeout(kill);
  daemons.delete(id);
  return end;
});

handle('inject', ({ node, port, frames, rate }) =>
  injectFrames({ node, port, rate, frames: frames.map((frame) => Buffer.from(frame, 'base64')) }),
);

handle('startCapture', async ({ node, port, direction, salt }) => {
  const id = ++lastId;
  const capture = startCapture({ node, port, direction, salt });
  captures.set(id, { capture, node });
  return { id, command: capture.command, ready: await capture.ready };
});

handle('awaitToken', ({ id, token, timeoutMs }) => {
  const { capture } = found(captures, id, 'capture');
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    void capture.seen(token).then((seen) => {
      clearTimeout(timer);
      resolve(seen);
    });
  });
});

handle('awaitTokens', ({ id, tokens, timeoutMs }) => {
  const { capture } = found(captures, id, 'capture');
  const unseen = new Set(tokens);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve([...unseen]);
    };
    const timer = setTimeout(done, timeoutMs);
    if (unseen.size === 0) done();
    for (const token of tokens) {
      void capture.seen(token).then((seen) => {
        if (seen && unseen.delete(token) && unseen.size === 0) done();
      });
    }
  });
});

handle('stopCapture', async ({ id }) => {
  const { capture } = found(captures, id, 'capture');
  captures.delete(id);
  const { bytes, ...rest } = await capture.stop();
  return { bytes: Buffer.from(bytes).toString('base64'), ...rest };
});

handle('socketDrops', ({ node }) => {
  const switches = [...daemons.values()]
    .filter((one) => one.node === node && one.daemon.child.spawnfile === 'ovs-vswitchd')
    .flatMap(({ daemon }) => daemon.child.pid ?? []);
  return Promise.resolve(readSocketDrops(node, switches));
});

handle('now', () => Promise.resolve(String(realtimeNs())));

// The harness is gone: so are we, and everything with us. stdin sees it even where the parent-death signal cannot.
const leave = () => process.exit(0);
connection.onClose(leave);
process.stdin.on('end', leave);
process.stdin.on('close', leave);
// An interrupt from the terminal reaches the whole foreground group; the harness decides when labs end, and then we see its pipe close.
process.on('SIGINT', () => undefined);
connection.listen();
