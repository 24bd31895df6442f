import { packageOf } from '../../bootstrap/packages.mjs';
import type { Node, Process } from '../../testbed/node.js';

/** A program that writes captures, as docs/judging-captures.md tells an engineer to start it. */
export interface CaptureTool {
  readonly name: string;
  /** Ending of its files. */
  readonly ending: string;
  readonly command: (port: string, file: string) => readonly string[];
  /** What it prints once it captures. */
  readonly ready: RegExp;
}

const tcpdump = (name: string, ...precision: readonly string[]): CaptureTool => ({
  name,
  ending: 'pcap',
  command: (port, file) => [
    'tcpdump',
    '-i',
    port,
    '-Q',
    'in',
    '--immediate-mode',
    '-U',
    '-s',
    '256',
    '-B',
    '16384',
    ...precision,
    '-Z',
    'root',
    '-w',
    file,
  ],
  ready: /^tcpdump: listening on /,
});

export const TCPDUMP_NANO = tcpdump('tcpdump-nano', '--time-stamp-precision=nano');
export const TCPDUMP_MICRO = tcpdump('tcpdump-micro');
/** Every interface of the leaf at once, as people in a hurry do. */
export const TCPDUMP_ANY: CaptureTool = {
  ...TCPDUMP_NANO,
  name: 'tcpdump-any',
  command: (_port, file) => TCPDUMP_NANO.command('any', file),
};
export const DUMPCAP: CaptureTool = {
  name: 'dumpcap',
  ending: 'pcapng',
  command: (port, file) => ['dumpcap', '-i', port, '-f', 'inbound', '-s', '256', '-B', '16', '-w', file],
  ready: /^File: /,
};
export const TSHARK: CaptureTool = {
  name: 'tshark',
  ending: 'pcapng',
  command: (port, file) => ['tshark', '-i', port, '-f', 'inbound', '-s', '256', '-B', '16', '-w', file],
  ready: /Capture started/,
};

/**
 * How long a tool may take to say that it captures, ms: tcpdump needs 0.03 s, tshark 0.7 s of CPU and six helper
 * processes. A dozen that start at once on two cores have needed more than 10 s.
 */
const TOOL_READY = 60_000;

export interface RunningCapture {
  readonly file: string;
  /** Ends it as Ctrl-C does; throws with its last words when it ended otherwise. */
  stop(): Promise<void>;
}

/** Starts a tool on a port and waits until it says that it captures. Throws when it is not there or does not start. */
export async function startCapture(tool: CaptureTool, node: Node, port: string, file: string): Promise<RunningCapture> {
  const command = tool.command(port, file);
  const running: Process = await node.spawn(command);
  if ((await running.line(tool.ready, TOOL_READY)) === null) {
    const end = running.hasEnded() ?? (await running.stop());
    throw new Error(
      `${command.join(' ')} on ${node.name} does not capture: ${end.lastOutput.trim()} (package ${packageOf(command[0] ?? '') ?? 'unknown'})`,
    );
  }
  return {
    file,
    async stop() {
      const end = await running.stop('SIGINT');
      if (end.code !== 0)
        throw new Error(
          `${command.join(' ')} on ${node.name} ended with ${String(end.code ?? end.signal)}: ${end.lastOutput.trim()}`,
        );
    },
  };
}
