import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';

import type { Machine } from '../bootstrap/machine.mjs';
import { environmentFor } from '../bootstrap/machine.mjs';
import { packageOf } from '../bootstrap/packages.mjs';
import { namespacesProblem, tunProblem } from '../bootstrap/privileges.mjs';
import { findTool } from '../bootstrap/searchPath.mjs';
import { agentCommand } from '../agent/command.js';
import { NamespacesClosedError, runProbes } from './runProbes.js';
import type { Attempt } from './runProbes.js';
import type { Finding, Capability } from './types.js';

/** Lines of a failed command's output that are shown. */
const SAID_LINES = 3;

/**
 * Tries every probe and returns its results; changes nothing on the machine. @returns one finding per probe, in order
 */
export async function examine(probes: readonly Capability[], machine: Machine): Promise<readonly Finding[]> {
  const missing = new Map(
    probes.map((probe) => [probe, probe.tools.filter((tool) => !isThere(tool, machine.folders))]),
  );
  const tried = probes.filter((probe) => missing.get(probe)?.length === 0);
  const root = machine.uid === 0;
  let attempts: readonly Attempt[] = [];
  let closed: string | null = null;
  try {
    if (tried.length > 0)
      attempts = await runProbes(
        tried.map((probe) => probe.script),
        root,
        environmentFor(machine),
      );
  } catch (error) {
    if (!(error instanceof NamespacesClosedError)) throw error;
    closed = error.message;
  }
  const closedHint = closed === null ? null : namespacesProblem(machine);

  return probes.map((probe) => {
    const absent = missing.get(probe) ?? [];
    if (absent.length > 0) return describeMissingTool(probe, absent);
    if (closed !== null) {
      return {
        ...describe(probe),
        works: false,
        command: agentCommand(root, ['true']).join(' '),
        said: closed,
        hint: closedHint,
      };
    }
    const attempt = attempts[tried.indexOf(probe)];
    if (attempt === undefined) throw new Error(`the probe ${probe.name} was not tried`);
    return describeAttempt(probe, attempt, machine);
  });
}

function isThere(tool: string, folders: readonly string[]): boolean {
  if (!isAbsolute(tool)) return findTool(tool, folders) !== null;
  try {
    accessSync(tool, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function describe(probe: Capability): Pick<Finding, 'name' | 'neededFor' | 'need'> {
  return { name: probe.name, neededFor: probe.neededFor, need: probe.need };
}

function describeMissingTool(probe: Capability, absent: readonly string[]): Finding {
  const packages = [
    ...new Set(absent.map((tool) => packageOf(tool) ?? probe.debian).filter((name) => name !== undefined)),
  ];
  return {
    ...describe(probe),
    works: false,
    command: `command -v ${absent.join(' ')}`,
    said: `${absent.join(', ')}: not found`,
    hint: packages.length === 0 ? null : `apt-get install --no-install-recommends ${packages.join(' ')}`,
  };
}

function describeAttempt(probe: Capability, attempt: Attempt, machine: Machine): Finding {
  const command = probe.command ?? probe.script.split('\n').at(-1) ?? probe.script;
  if (attempt.exitCode === 0) return { ...describe(probe), works: true, command, said: '', hint: null };
  const lines = attempt.output.split('\n').filter((line) => line.trim() !== '');
  const said =
    attempt.exitCode === 124 ? ['took too long'] : lines.filter((line) => !/^\++ /.test(line)).slice(-SAID_LINES);
  return {
    ...describe(probe),
    works: false,
    command: failedCommand(probe, lines) ?? command,
    said: said.length === 0 ? `exit code ${String(attempt.exitCode)}` : said.join('\n'),
    hint: probe.tools.includes('ip') && /tun/.test(attempt.output) ? tunProblem(machine) : null,
  };
}

/** The last traced command that runs one of the probe's tools; the shell code around it tells a reader nothing. */
function failedCommand(probe: Capability, lines: readonly string[]): string | undefined {
  const traced = lines.filter((line) => line.startsWith('+ ')).map((line) => line.slice(2));
  return traced.findLast((line) => probe.tools.includes(line.split(' ')[0] ?? ''));
}
