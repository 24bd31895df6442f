import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import type { AuditFact } from '../../evidence/types.js';
import { shellCommand } from '../../shellQuote.js';
import type { Node, ProcessEnd } from '../../testbed/node.js';
import { ReplicatorError } from '../error.js';
import type { Replicator } from '../types.js';
import { labEnvironment } from './environment.js';
import type { CommandDescription } from './parse.js';

/** Lines and characters of last output that a message shows. */
const LINES_SHOWN = 10;
const CHARACTERS_SHOWN = 1000;
/** Characters of a command's output that an audit fact keeps. */
const VALUE_MAX = 200;

/** `cd` first, so that the file can name programs and files relative to itself. */
const inFolder = (folder: string, argv: readonly string[]) => [
  'sh',
  '-c',
  'cd -- "$1" && shift && exec "$@"',
  'sh',
  folder,
  ...argv,
];

/** Output in a form that fits into one sentence. */
function lastWords(output: string): string {
  const lines = output
    .replace(/[^\S\n]+|[\p{Cc}\p{Cf}]/gu, (found) => (found === '\n' ? found : ' '))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return 'it said nothing';
  return `its last output: ${lines.slice(-LINES_SHOWN).join(' | ').slice(-CHARACTERS_SHOWN)}`;
}

const endText = ({ code, signal, lastOutput }: ProcessEnd) =>
  `ended with ${signal ?? (code === null ? 'no code: it could not be started' : `code ${code}`)}; ${lastWords(lastOutput)}`;

async function auditFact(
  node: Node,
  folder: string,
  env: Readonly<Record<string, string>>,
  { name, argv, expect }: CommandDescription['audit'][number],
): Promise<AuditFact> {
  const { code, stdout, stderr } = await node.exec(inFolder(folder, argv), { env, mayFail: true });
  const output = stdout + stderr;
  const found = new RegExp(expect, 'm').exec(output);
  const value = (found?.[0] || output).trim().slice(0, VALUE_MAX);
  return {
    name,
    ok: code === 0 && found !== null,
    value: code === 0 ? value : `code ${String(code)}: ${value}`,
    command: shellCommand(argv),
  };
}

/** A daemon of the user's own, started in the host's namespace. `folder` is its working directory. */
export function commandReplicator(description: CommandDescription, folder: string): Replicator {
  const { name, argv, stopSignal } = description;
  return {
    name,
    description: description.description,
    profile: description.profile,
    speaksOnHost: true,
    on: 'any',
    async install({ lab, plane }) {
      const node = lab.node(lab.topology.host.node);
      const env = { ...description.environment, ...labEnvironment(lab.topology, plane) };
      const said: string[] = [];
      const onLine = (line: string) => {
        said.push(line);
        if (said.length > LINES_SHOWN) said.shift();
      };
      const daemon = await node.spawn(inFolder(folder, argv), { env, onLine });
      if ((await daemon.line(new RegExp(description.readyLine), DURATIONS.replicatorReady)) === null) {
        const end = daemon.hasEnded();
        const what =
          end === null
            ? `was not ready within ${DURATIONS.replicatorReady / 1000} s; ${lastWords(said.join('\n'))}`
            : endText(end);
        await daemon.stop('SIGKILL');
        throw new ReplicatorError(
          `the replicator ${name} never said that it is ready (no line matches ${description.readyLine}): ${shellCommand(argv)} ${what}`,
        );
      }
      return {
        // Only its author knows when it is done; nothing that it does shows it.
        settled: () => wait(description.settleMs),
        broken() {
          const end = daemon.hasEnded();
          return end === null ? null : `${shellCommand(argv)} ${endText(end)}`;
        },
        audit: () => Promise.all(description.audit.map((one) => auditFact(node, folder, env, one))),
        async sigkill() {
          await daemon.stop('SIGKILL');
        },
        async [Symbol.asyncDispose]() {
          await daemon.stop(stopSignal);
        },
      };
    },
  };
}
