import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { Counter, Gauge, Registry } from 'prom-client';
import type { JudgedWindow } from './windows.js';
import { UserError } from '../userError.js';

/** Where figures are served, as `--metrics` says it. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9464`, `[::1]:9464`; only of this machine. Throws UserError. */
export function metricsAddress(text: string): MetricsAddress {
  const [, six, four, port = ''] = /^(?:\[([0-9a-f:]+)\]|([0-9.]+|localhost)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? four ?? '';
  if (host === '' || Number(port) > 65_535)
    throw new UserError(`--metrics ${text}: that is no address and port`, 'write --metrics 127.0.0.1:9464');
  if (host !== 'localhost' && host !== '::1' && !/^127(?:\.\d{1,3}){3}$/.test(host))
    throw new UserError(
      `--metrics ${text}: figures are served on this machine only`,
      'write --metrics 127.0.0.1:9464, and let a proxy of yours decide who else may read them',
    );
  return { host, port: Number(port) };
}

export interface WatchMetrics {
  /** A window was closed. */
  add(window: JudgedWindow): void;
  /** How far a capture has come. */
  heard(leaf: string, seconds: number): void;
  /** The text of all figures: OpenMetrics 1.0. */
  text(): Promise<string>;
}

/** Figures of a watch. Labels are leaves and outcomes only: there may be any number of hosts. */
export function createWatchMetrics(leaves: readonly string[]): WatchMetrics {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry] as unknown as Registry[];
  const windows = new Counter({
    name: 'everyleaf_watch_windows_total',
    help: 'Closed windows by verdict',
    labelNames: ['verdict'],
    registers,
  });
  const frames = new Counter({
    name: 'everyleaf_watch_neighbor_frames_total',
    help: 'Neighbor frames that were judged',
    registers,
  });
  const delivered = new Counter({
    name: 'everyleaf_watch_delivered_frames_total',
    help: 'Neighbor frames that reached every leaf exactly once',
    registers,
  });
  const wrong = new Counter({
    name: 'everyleaf_watch_wrong_total',
    help: 'Pairs of frame and leaf that were not as they should be, by outcome',
    labelNames: ['leaf', 'outcome'],
    registers,
  });
  const judged = new Counter({
    name: 'everyleaf_watch_judged_seconds_total',
    help: 'Time of which frames were judged',
    registers,
  });
  const latest = new Gauge({
    name: 'everyleaf_watch_latest_frame_timestamp_seconds',
    help: 'Time stamp of the latest frame of a capture, by its own clock',
    labelNames: ['leaf'],
    registers,
  });
  for (const verdict of ['pass', 'fail', 'inconclusive', 'quiet']) windows.inc({ verdict }, 0);
  for (const leaf of leaves) for (const outcome of OUTCOMES) wrong.inc({ leaf, outcome }, 0);
  return {
    add({ verdict, isQuiet, judged: { judgement }, span }) {
      windows.inc({ verdict: isQuiet ? 'quiet' : verdict === 'pass' || verdict === 'fail' ? verdict : 'inconclusive' });
      frames.inc(judgement.totals.probes);
      delivered.inc(judgement.totals.delivered);
      for (const [leaf, counts] of Object.entries(judgement.byLeaf))
        for (const outcome of OUTCOMES) wrong.inc({ leaf, outcome }, counts[outcome]);
      if (span !== null) judged.inc(Number(span.toNs - span.fromNs) / 1e9);
    },
    heard: (leaf, seconds) => {
      latest.set({ leaf }, seconds);
    },
    text: () => registry.metrics(),
  };
}

const OUTCOMES = ['missing', 'duplicate', 'late', 'altered', 'unexpected'] as const;

/** Serves the figures until it is disposed of. Throws UserError where the address cannot be had. */
export async function serveMetrics(
  { host, port }: MetricsAddress,
  metrics: WatchMetrics,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer((request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('see /metrics\n');
      return;
    }
    void metrics.text().then((text) => {
      response.writeHead(200, { 'content-type': Registry.OPENMETRICS_CONTENT_TYPE }).end(text);
    });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UserError(
      `--metrics ${host}:${port} cannot be served: ${error instanceof Error ? error.message : String(error)}`,
      'name another port',
      69,
    );
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
