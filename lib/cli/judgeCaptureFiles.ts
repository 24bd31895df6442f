import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { isRegularFile } from '../files.js';
import type { FramesByLeaf } from '../production/explain.js';
import { captureFiles, partsOf, type CaptureFile } from '../production/captureFiles.js';
import { judgeCaptures } from '../production/judgeCaptures.js';
import { stableJson } from '../evidence/json.js';
import type { Judgement } from '../judge/types.js';
import { judgementText } from '../judge/tell/text.js';
import { some } from '../judge/tell/phrasing.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import type { Profile } from '../profile/types.js';
import { shellCommand } from '../shellQuote.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { declaredBy, type ClaimOptions } from './captureClaims.js';
import { requireDistinctFiles } from './distinctFiles.js';
import { exitCodeOf } from './exitCodes.js';
import { gatewaysOf, hostsOf, type HostOptions } from './captureHosts.js';
import { hostMac } from './hostFile.js';
import { requireWritable } from './outputs.js';
import { print } from './terminal.js';

export interface CaptureCommand extends ClaimOptions, HostOptions {
  readonly gateway?: readonly string[] | undefined;
  readonly clock?: string | undefined;
  readonly profile?: Profile | undefined;
  readonly json?: boolean | undefined;
  readonly report?: string | undefined;
  readonly pcapng?: string | undefined;
  readonly explain?: string | undefined;
}

/** `judge leaf-a=A.pcap leaf-b=B.pcap ...`: the verdict goes to stdout and into the exit code. */
export async function judgeCaptureFiles(args: readonly string[], command: CaptureCommand): Promise<void> {
  const captures = captureFiles(args);
  if (captures.length < 2)
    throw new UserError(
      'one capture tells nothing about every leaf',
      'give one capture per leaf: everyleaf judge leaf-a=A.pcap leaf-b=B.pcap',
    );
  const outputs = [command.report, command.pcapng].filter((file) => file !== undefined);
  requireDistinctFiles(captures, outputs);
  outputs.forEach(requireWritable);
  const declared = declaredBy(
    command,
    captures.map(({ leaf }) => leaf),
  );
  const { hosts, isAuto } = await hostsOf(command);
  if (command.clock !== undefined && !['shared', 'measure'].includes(command.clock))
    throw new UserError(
      `unknown clock "${command.clock}"`,
      'shared = one clock stamped all captures; measure = find out from common frames (default)',
    );
  const once =
    command.pcapng === undefined
      ? undefined
      : captures.find((capture) =>
          partsOf(capture).some((file) => (existsSync(file) ? !isRegularFile(file) : file === '-')),
        );
  if (once !== undefined)
    throw new UserError(
      `--pcapng reads the captures twice, which ${once.file === '-' ? 'standard input' : once.file} cannot be`,
      'save it to a file first',
    );
  const profile = command.profile ?? DEFAULT_PROFILE;
  const annotations =
    command.pcapng === undefined
      ? null
      : (await import('../production/annotations.js')).createAnnotations(
          captures.map(({ leaf }) => leaf),
          profile,
        );
  const explaining = command.explain === undefined ? null : await import('../production/explainFrame.js');
  const asked = (await explaining?.askedFrame(command.explain ?? '', captures)) ?? null;
  const listener = asked === null ? null : (explaining?.createFrameListener(asked) ?? null);
  const listeners = [annotations, listener].filter((each) => each !== null);
  const started = new Date();
  const judged = await judgeCaptures(captures, {
    profile,
    hosts,
    asked: (command.host ?? []).map((text) => hostMac(text)),
    isAuto,
    gateways: gatewaysOf(command.gateway, hosts),
    isSharedClock: command.clock === 'shared',
    declared,
    ...(listeners.length === 0
      ? {}
      : {
          onSettled: (seen) => {
            for (const { note } of listeners) note(seen);
          },
          onAgain: () => {
            for (const { forget } of listeners) forget();
          },
        }),
  });
  const { judgement, frames } = await withDifferences(judged.judgement, judged.captures, command.report !== undefined);
  process.exitCode = exitCodeOf(judgement.verdict);
  if (command.pcapng !== undefined && annotations !== null) {
    annotations.finish(judged.valid, judged.excuse);
    const { writeMergedCapture } = await import('../production/mergedCapture.js');
    await writing(command.pcapng, () => writeMergedCapture(command.pcapng ?? '', judged.captures, judged, annotations));
  }
  if (command.report !== undefined) {
    const [{ captureReport }, { renderReport }] = await Promise.all([
      import('../production/captureReport.js'),
      import('../report/html/renderReport.js'),
    ]);
    const { run, details } = captureReport(judgement, {
      hosts: judged.hosts,
      captures,
      frames,
      started,
      command: commandLine(args, command),
      profile,
    });
    await writing(command.report, () => writeFile(command.report ?? '', renderReport(run, details)));
  }
  const explained =
    asked === null
      ? undefined
      : await explaining?.explainFrame(asked, listener?.seen() ?? null, judged, judged.captures, profile);
  if (command.json === true)
    await print(
      stableJson({ ...judgement, hosts: judged.hosts, ...(explained === undefined ? {} : { explained }) }).trimEnd(),
    );
  else if (explained !== undefined) await print(explained.join('\n'));
  else await print(`${judgementText(judgement)}${closing(captures, judged.hosts, isAuto, command)}`);
}

/** What only some verdicts need is loaded when it is needed: a pass has nothing to explain. */
async function withDifferences(
  judgement: Judgement,
  captures: readonly CaptureFile[],
  all: boolean,
): Promise<{ readonly judgement: Judgement; readonly frames: FramesByLeaf }> {
  if (judgement.deliveries.length === 0) return { judgement, frames: new Map() };
  const { explainDifferences, framesOfDeliveries } = await import('../production/explain.js');
  const frames = await framesOfDeliveries(judgement, captures, all);
  return { judgement: explainDifferences(judgement, frames), frames };
}

function closing(
  captures: readonly CaptureFile[],
  hosts: readonly { readonly mac: string; readonly name: string }[],
  isAuto: boolean,
  command: CaptureCommand,
): string {
  const lines: string[] = [];
  if (isAuto)
    lines.push(
      `hosts found: ${
        hosts
          .slice(0, 20)
          .map(({ name }) => name)
          .join(', ') ||
        'none: nobody sent ARP or ND in the time that all captures share, without the late band at its ends'
      }${hosts.length > 20 ? ` and ${hosts.length - 20} more` : ''}`,
    );
  if (command.pcapng !== undefined)
    lines.push(
      `merged capture: ${command.pcapng} (${some(captures.length, 'leaf').replace('leafs', 'leaves')}, one clock, verdicts as comments)`,
    );
  if (command.report !== undefined) lines.push(`report: ${command.report}`);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

async function writing(file: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** What repeats it, for the report. */
function commandLine(
  args: readonly string[],
  { host = [], hostFile, hosts, gateway = [], clock, profile, vantage = [], losses = [], demand }: CaptureCommand,
): string {
  const options = [
    ...host.flatMap((mac) => ['--host', mac]),
    ...(hostFile === undefined ? [] : ['--host-file', hostFile]),
    ...(hosts === undefined ? [] : ['--hosts', hosts]),
    ...gateway.flatMap((mac) => ['--gateway', mac]),
    ...(clock === undefined ? [] : ['--clock', clock]),
    ...vantage.flatMap((text) => ['--vantage', text]),
    ...losses.flatMap((text) => ['--losses', text]),
    ...(demand === undefined ? [] : ['--demand', demand]),
    ...(profile === undefined ? [] : ['--profile', profile.name]),
  ];
  return shellCommand(['everyleaf', 'judge', ...args, ...options]);
}
