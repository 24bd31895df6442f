import type { Command } from '@commander-js/extra-typings';
import { captureFiles, type CaptureFile } from '../production/captureFiles.js';
import { MOST_CAPTURES } from '../production/judgeCaptures.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { shellCommand } from '../shellQuote.js';
import { UserError } from '../userError.js';
import { lineText, summarySentence, summaryText, type WatchLine } from '../watch/lines.js';
import { createWatchMetrics, metricsAddress, serveMetrics } from '../watch/metrics.js';
import { verdictOf } from '../watch/summary.js';
import { watch } from '../watch/watch.js';
import { cannotWrite } from './cannotWrite.js';
import { declaredBy } from './captureClaims.js';
import { gatewaysOf, hostsOf } from './captureHosts.js';
import { requireDistinctFiles } from './distinctFiles.js';
import { exitCodeOf } from './exitCodes.js';
import { hostMac } from './hostFile.js';
import { loadProfile } from './judge.js';
import { requireWritable } from './outputs.js';
import { print } from './terminal.js';

const WATCH_HELP = `
Captures that still grow: files that are written to, pipes, standard input (-):
  everyleaf watch leaf-a=A.pcap leaf-b=B.pcap --hosts auto --report watch.html --metrics 127.0.0.1:9464
From the leaves themselves, in bash, without a file anywhere:
  capture='tcpdump -i swp1 -Q in --immediate-mode -U -s 256 -B 16384 -w -'
  everyleaf watch leaf-a=<(ssh -n leaf-a "$capture") leaf-b=<(ssh -n leaf-b "$capture") --hosts auto
It ends when a capture does, after --for, or with Ctrl-C, and says its verdict then: docs/watching.md`;

/** A window is this long unless it is said otherwise, s. */
const WINDOW_SECONDS = 60;
const [LEAST_WINDOW, LONGEST_WINDOW] = [10, 3_600];

/** Adds `watch`: judges captures while they grow. */
export function registerWatch(program: Command): void {
  const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  program
    .command('watch')
    .description('judge captures while they grow, for as long as it is let')
    .argument('<captures...>', 'one capture per leaf, as FILE or NAME=FILE')
    .option('--profile <name or file>', 'who must replicate what')
    .option('--host <mac>', 'a host whose frames are judged; may be repeated', several)
    .option('--host-file <file>', 'lines of MAC and name')
    .option('--hosts <auto>', 'every MAC that sends ARP, NS or NA is a host')
    .option('--gateway <mac>', 'captures of received frames: the MAC of a leaf or gateway; may be repeated', several)
    .option('--clock <shared or measure>', 'one clock stamps all captures, or find the offsets (default)')
    .option('--vantage <leaf=kind>', 'where one is taken, which takes claims away; may be repeated', several)
    .option('--demand <claims>', 'what a pass must stand for')
    .option('--window <seconds>', 'how much is judged at a time', String(WINDOW_SECONDS))
    .option('--for <duration>', 'end after so long, such as 90s, 15m, 24h or 7d')
    .option('--report <file>', 'keep an HTML page up to date')
    .option('--metrics <address>', 'serve figures in OpenMetrics text at http://ADDRESS/metrics, of this machine only')
    .option('--json', 'print each line as a JSON object')
    .addHelpText('after', WATCH_HELP)
    .action(async (paths, options) => {
      const captures = growing(paths);
      const leaves = captures.map(({ leaf }) => leaf);
      if (options.report !== undefined) requireWritable(options.report);
      requireDistinctFiles(captures, options.report === undefined ? [] : [options.report, `${options.report}.new`]);
      const { hosts, isAuto } = await hostsOf(options);
      if (options.clock !== undefined && !['shared', 'measure'].includes(options.clock))
        throw new UserError(
          `unknown clock "${options.clock}"`,
          'shared = one clock stamps all captures; measure = find out from common frames (default)',
        );
      const profile = options.profile === undefined ? DEFAULT_PROFILE : await loadProfile(options.profile);
      const seconds = windowSeconds(options.window);
      const longestMs = options.for === undefined ? null : durationMs(options.for);
      const abort = new AbortController();
      const timer = longestMs === null ? null : setTimeout(() => abort.abort(), longestMs);
      // A second one ends the process as ever: nothing of it stays behind.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort());
      const metrics = createWatchMetrics(leaves);
      const tell = (line: WatchLine): Promise<void> =>
        print(options.json === true ? JSON.stringify(line) : lineText(line));
      await using served =
        options.metrics === undefined ? null : await serveMetrics(metricsAddress(options.metrics), metrics);
      if (served !== null) await tell({ type: 'note', text: `figures: port ${served.port}, /metrics` });
      const summary = await watch({
        captures,
        window: {
          seconds,
          judging: {
            profile,
            hosts,
            isAuto,
            gateways: gatewaysOf(options.gateway, hosts),
            isSharedClock: options.clock === 'shared',
            declared: declaredBy(options, leaves),
          },
        },
        profile,
        metrics,
        report: options.report ?? null,
        command: shellCommand(['everyleaf', 'watch', ...process.argv.slice(process.argv.indexOf('watch') + 1)]),
        signal: abort.signal,
        asked: new Map((options.host ?? []).map((text) => hostMac(text)).map((mac) => [mac, hosts.get(mac) ?? mac])),
        mustLast: longestMs !== null,
        tell,
      }).catch((error: unknown) => {
        throw error instanceof Error && 'path' in error && error.path === `${options.report ?? ''}.new`
          ? cannotWrite(options.report ?? '', error)
          : error;
      });
      if (timer !== null) clearTimeout(timer);
      const verdict = verdictOf(summary);
      process.exitCode = exitCodeOf(verdict);
      if (options.json !== true) await print(`\n${summaryText(summary, leaves)}`);
      else
        await print(
          JSON.stringify(
            { type: 'verdict', verdict, sentence: summarySentence(summary, leaves), ...summary },
            (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
          ),
        );
    });
}

/** Captures that can be followed. Throws UserError. */
function growing(paths: readonly string[]): readonly CaptureFile[] {
  const captures = captureFiles(paths);
  if (captures.length < 2)
    throw new UserError(
      'one capture tells nothing about every leaf',
      'give one capture per leaf: everyleaf watch leaf-a=A.pcap leaf-b=B.pcap',
    );
  if (captures.length > MOST_CAPTURES)
    throw new UserError(`${captures.length} captures are too many`, `watch at most ${MOST_CAPTURES} at a time`);
  for (const { file, files } of captures)
    if (files !== undefined)
      throw new UserError(
        `${file}: files that one program writes one after the other cannot be followed`,
        'let it write to one file or into a pipe (-w -)',
      );
  return captures;
}

function windowSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < LEAST_WINDOW || seconds > LONGEST_WINDOW)
    throw new UserError(
      `--window ${text}: that is no number of seconds from ${LEAST_WINDOW} to ${LONGEST_WINDOW}`,
      `write --window ${WINDOW_SECONDS}`,
    );
  return seconds;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Node's timers count no further (2^31 - 1 ms). */
const LONGEST_MS = 24 * 86_400_000;

function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? 0);
  if (ms <= 0 || ms > LONGEST_MS)
    throw new UserError(
      `--for ${text}: that is no duration up to 24d`,
      'write a number and s, m, h or d: --for 15m; without --for it goes on until Ctrl-C',
    );
  return ms;
}
