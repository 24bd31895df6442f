import { spawnSync } from 'node:child_process';
import { cpus, release, type } from 'node:os';
import type { PlaneMachine, VersionFact } from '../dataplane/machine.js';

const VERSIONS: readonly VersionFact[] = [
  { name: 'tcpdump', argv: ['tcpdump', '--version'] },
  { name: 'frr', argv: ['/usr/lib/frr/zebra', '--version'] },
  { name: 'iproute2', argv: ['ip', '-V'] },
];

/** Programs whose version a reader of the report must know. */
export function versionFacts(machine: Pick<PlaneMachine, 'versions'> | undefined): readonly VersionFact[] {
  return [...(machine?.versions ?? []), ...VERSIONS];
}

/**
 * What a reader of the report must know of the machine to believe or repeat it, and what its data plane uses of it.
 */
export function environmentFacts(
  machine: Pick<PlaneMachine, 'versions'> | undefined,
): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {
    kernel: `${type()} ${release()}`,
    node: process.version,
    cores: String(cpus().length),
    user: process.getuid?.() === 0 ? 'root' : 'unprivileged, in a user namespace',
  };
  for (const { name, argv } of versionFacts(machine)) {
    const [file = '', ...args] = argv;
    const { stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
    facts[name] = error === undefined ? `${stdout}${stderr}`.split('\n')[0]?.trim() || 'silent' : 'not found';
  }
  return facts;
}
