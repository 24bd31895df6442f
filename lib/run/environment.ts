import { spawnSync } from 'node:child_process';
import { cpus, release, type } from 'node:os';

const VERSIONS: readonly (readonly [string, readonly string[]])[] = [
  ['open vswitch', ['ovs-vswitchd', '--version']],
  ['tcpdump', ['tcpdump', '--version']],
  ['frr', ['/usr/lib/frr/zebra', '--version']],
  ['iproute2', ['ip', '-V']],
];

/** What a reader of the report must know of the machine to believe or repeat it. */
export function environmentFacts(): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {
    kernel: `${type()} ${release()}`,
    node: process.version,
    cores: String(cpus().length),
    user: process.getuid?.() === 0 ? 'root' : 'unprivileged, in a user namespace',
  };
  for (const [name, [file = '', ...args]] of VERSIONS) {
    const { stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
    facts[name] = error === undefined ? `${stdout}${stderr}`.split('\n')[0]?.trim() || 'silent' : 'not found';
  }
  return facts;
}
