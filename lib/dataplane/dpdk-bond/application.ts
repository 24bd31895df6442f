import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import { LackError } from '../../testbed/capability.js';
import { TestbedError } from '../../testbed/error.js';
import type { Node, Process } from '../../testbed/node.js';
import { DEBIAN, devicesOf, FORWARDS, launch, PROGRAM } from './engine.js';
import type { Variant } from './traits.js';

/** An application of DPDK that forwards between the VMs and a bond of the legs. */
export interface Application {
  /** The file with its process id. */
  readonly pidFile: string;
  /** What it prints when it is given a line at its prompt. Throws TestbedError where it does not answer. */
  ask(line: string): Promise<readonly string[]>;
  /** Kills it and starts it again. */
  restart(): Promise<void>;
}

/** What an application answers to a word that it does not know: so the answer to the line before is whole. */
const whole = (number: number): string => `answered${number}`;

/** Throws LackError where it is not installed. */
export async function requireProgram(node: Node): Promise<void> {
  const argv = ['sh', '-c', `command -v ${PROGRAM}`];
  const { code } = await node.exec(argv, { mayFail: true });
  if (code !== 0)
    throw new LackError([
      { what: "DPDK's application testpmd", command: `command -v ${PROGRAM}`, output: `not found; install ${DEBIAN}` },
    ]);
}

/**
 * Starts it, and resolves when it forwards.
 * @param vms the interface towards the VMs @param legs those of the legs
 */
export async function startApplication(
  node: Node,
  variant: Variant,
  vms: string,
  legs: readonly string[],
): Promise<Application> {
  const pipe = `${node.scratch}/testpmd.in`;
  const pidFile = `${node.scratch}/testpmd.pid`;
  const argv = launch(pipe, pidFile, devicesOf(variant, vms, legs));
  const limit = patience(node, DURATIONS.daemonStart);
  let lines: string[] = [];
  let wake: () => void = () => undefined;
  async function start(): Promise<Process> {
    const process = await node.spawn(argv, {
      // As root of a user namespace DPDK looks at this alone (lib/eal/linux/eal.c, eal_create_runtime_dir).
      env: { RUNTIME_DIRECTORY: node.scratch },
      onLine(line) {
        lines.push(line.trimEnd());
        wake();
      },
    });
    if ((await process.line(FORWARDS, limit)) !== null) return process;
    const end = process.hasEnded();
    await process.stop('SIGKILL');
    const words = (end?.lastOutput ?? lines.join('\n')).trim();
    throw new TestbedError(
      `${PROGRAM} on ${node.name} ${end === null ? `did not forward within ${limit} ms` : 'ended'}: ${words || 'without a word'}`,
    );
  }
  let running = await start();
  let number = 0;
  async function askNow(line: string): Promise<readonly string[]> {
    const last = whole(++number);
    lines = [];
    const told = new Promise<'told'>((resolve) => {
      wake = () => lines.some((one) => one.includes(last)) && resolve('told');
    });
    await node.exec(['sh', '-c', 'printf "%s\\n" "$2" "$3" 1<>"$1"', 'sh', pipe, line, last]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limit);
    });
    const how = await Promise.race([told, late, running.ended]);
    clearTimeout(timer);
    wake = () => undefined;
    if (how === 'told') {
      const from = lines.findIndex((one) => one.includes(line));
      return lines.slice(
        from + 1,
        lines.findIndex((one) => one.includes(last)),
      );
    }
    throw new TestbedError(
      `${PROGRAM} on ${node.name} ${how === 'late' ? `did not answer "${line}" within ${limit} ms` : `has ended: ${how.lastOutput.trim()}`}`,
    );
  }
  // One after another: it has one prompt.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    pidFile,
    ask(line) {
      const answer = turn.then(() => askNow(line));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async restart() {
      await running.stop('SIGKILL');
      running = await start();
    },
  };
}
