import { SshError } from '../../../ssh/error.js';
import { parseIpv4, parseIpv6 } from '../../../wire/address.js';
import type { FarMachine } from '../machine.js';
import { FAR_TIMING } from '../timing.js';

/** An address with the length of its prefix. */
export interface FoundAddress {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
}

/** An interface as it is found on its machine. */
export interface FoundInterface {
  readonly mac: string;
  /** Without those of its own link. */
  readonly addresses: readonly FoundAddress[];
}

const LOOK = 'cat "/sys/class/net/$1/address" && ip -o addr show dev "$1" scope global';

/** Looks at an interface, in a namespace or in none. Throws SshError where it is not there. */
export async function findInterface(machine: FarMachine, netns: string | null, port: string): Promise<FoundInterface> {
  const enter = netns === null ? [] : ['ip', 'netns', 'exec', netns];
  const argv = [...enter, 'sh', '-c', LOOK, 'everyleaf', port];
  const { code, stdout, stderr } = await machine.run({ argv, asRoot: true }, FAR_TIMING.command);
  const [mac = '', ...lines] = stdout.split('\n');
  if (code !== 0 || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac))
    throw new SshError(
      machine.name,
      `it has no interface ${port}${netns === null ? '' : ` in the namespace ${netns}`}: ${(stderr || stdout).trim()}`,
      'correct senders and gateways in the binding',
    );
  const addresses = lines.flatMap((line): readonly FoundAddress[] => {
    const [, version, address = '', prefix] = / (inet6?) ([^/ ]+)\/(\d+) /.exec(line) ?? [];
    return version === undefined
      ? []
      : [{ family: version === 'inet' ? 'ipv4' : 'ipv6', address, prefix: Number(prefix) }];
  });
  return { mac, addresses };
}

/** Whether another address is in the network of this one. */
export function isNear({ family, address, prefix }: FoundAddress, other: string): boolean {
  const parse = family === 'ipv4' ? parseIpv4 : parseIpv6;
  const [a, b] = [parse(address), parse(other)];
  return Array.from({ length: prefix }, (_, bit) => bit).every((bit) => {
    const mask = 0x80 >> (bit & 7);
    return ((a[bit >> 3] ?? 0) & mask) === ((b[bit >> 3] ?? 0) & mask);
  });
}
