import { readFile } from 'node:fs/promises';
import { MOST_HOSTS } from '../judge/captures/settings.js';
import { whyUnreadable } from '../files.js';
import { UserError } from '../userError.js';
import { hostMac, parseHostFile } from './hostFile.js';

/** `--host`, `--host-file` and `--hosts`. */
export interface HostOptions {
  readonly host?: readonly string[] | undefined;
  readonly hostFile?: string | undefined;
  readonly hosts?: string | undefined;
}

/** Whose frames are judged. Throws UserError. */
export async function hostsOf({
  host = [],
  hostFile,
  hosts,
}: HostOptions): Promise<{ readonly hosts: ReadonlyMap<string, string>; readonly isAuto: boolean }> {
  if (hosts !== undefined && hosts !== 'auto')
    throw new UserError(`--hosts takes "auto", not "${hosts}"`, 'name hosts with --host MAC or --host-file FILE');
  const named = new Map(host.map((text) => [hostMac(text), hostMac(text)]));
  if (hostFile !== undefined) {
    const text = await readFile(hostFile, 'utf8').catch((error: unknown) => {
      throw new UserError(`${hostFile}: ${whyUnreadable(error)}`, 'name a file with lines of: MAC name');
    });
    for (const [mac, name] of parseHostFile(text, hostFile)) named.set(mac, name);
  }
  if (named.size === 0 && hosts === undefined)
    throw new UserError(
      'whose frames must reach every leaf?',
      'name hosts with --host MAC or --host-file FILE, or find them with --hosts auto',
    );
  if (named.size > MOST_HOSTS)
    throw new UserError(`${named.size} hosts are too many`, `judge at most ${MOST_HOSTS} at a time`);
  return { hosts: named, isAuto: hosts === 'auto' };
}

/** MACs of `--gateway`. Throws UserError where one is a host, too: each frame of it would have come back. */
export function gatewaysOf(gateways: readonly string[] = [], hosts: ReadonlyMap<string, string>): readonly string[] {
  return gateways.map((text) => {
    const mac = hostMac(text, 'a leaf or gateway');
    if (hosts.has(mac))
      throw new UserError(
        `${mac} is named as a host and as a gateway`,
        'name hosts with --host, and with --gateway leaves and gateways, whose frames may not come from a host',
      );
    return mac;
  });
}
