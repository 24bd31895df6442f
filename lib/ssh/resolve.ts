import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../runProgram.js';
import { SshError } from './error.js';
import type { SshMachine } from './machine.js';

/** A machine as a person names it. What is null is taken from their own configuration of ssh. */
export interface SshTarget {
  readonly name: string;
  /** A host name, an address, or an alias of ssh_config(5). */
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
  /** Jump hosts, the first from here first; null: as configured (ProxyJump). */
  readonly via: readonly SshTarget[] | null;
  readonly sudo: boolean;
  /** Private key files, before those that are configured. */
  readonly keyFiles: readonly string[];
  /** Whether keys of the agent may be used. */
  readonly agent: boolean;
  /** known_hosts files, beside those that are configured. */
  readonly knownHosts: readonly string[];
  readonly password: (() => Promise<string>) | null;
}

/** Jump hosts behind jump hosts; more are a loop. */
const MOST_JUMPS = 8;

/** What `ssh -G` prints: keywords in lower case, one a line; some come several times. */
type Settings = ReadonlyMap<string, readonly string[]>;

function parseSettings(text: string): Settings {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line.trim()) ?? [];
    if (keyword === undefined || value === undefined) continue;
    settings.set(keyword, [...(settings.get(keyword) ?? []), value]);
  }
  return settings;
}

/** Where there is no OpenSSH client, what it would do without a configuration. */
function withoutClient(target: SshTarget): Settings {
  const folder = '~/.ssh';
  return new Map([
    ['hostname', [target.host]],
    ['user', [target.user ?? userInfo().username]],
    ['port', [String(target.port ?? 22)]],
    ['identityfile', ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `${folder}/${name}`)],
    ['userknownhostsfile', [`${folder}/known_hosts`]],
    ['globalknownhostsfile', ['/etc/ssh/ssh_known_hosts']],
  ]);
}

async function settingsOf(target: SshTarget, configFile: string | null): Promise<Settings> {
  const { code, stdout, stderr } = await runProgram('ssh', [
    '-G',
    ...(configFile === null ? [] : ['-F', configFile]),
    ...(target.port === null ? [] : ['-p', String(target.port)]),
    ...(target.user === null ? [] : ['-l', target.user]),
    '--',
    target.host,
  ]);
  if (code === null && stderr.includes('ENOENT')) return withoutClient(target);
  if (code !== 0) throw new SshError(target.name, `ssh -G ${target.host} failed: ${stderr.trim()}`);
  return parseSettings(stdout);
}

/** The home folder of the user database, as OpenSSH has it, which does not look at HOME. */
const expand = (path: string): string => (path.startsWith('~/') ? join(userInfo().homedir, path.slice(2)) : path);

/** `user@host:port`, each part but the host optional, an IPv6 address with a port in brackets; null: something else. */
export function parseAddress(text: string): Pick<SshTarget, 'host' | 'user' | 'port'> | null {
  const bare = /^(?:([^@]+)@)?([0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/.exec(text);
  const [, user, bracketed, plain, port] =
    bare === null
      ? (/^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [])
      : [...bare.slice(0, 2), undefined, bare[2]];
  const host = bracketed ?? plain;
  if (host === undefined) return null;
  return { host, user: user ?? null, port: port === undefined ? null : Number(port) };
}

/** A jump host as a configuration names it. The password is for the machine behind it alone. */
function jumpOf(text: string, like: SshTarget): SshTarget {
  const address = parseAddress(text);
  if (address === null) throw new SshError(like.name, `your configuration of ssh names a jump host "${text}"`);
  return { ...like, ...address, name: address.host, via: null, password: null };
}

function agentSocket(settings: Settings): string | null {
  const [configured] = settings.get('identityagent') ?? [];
  if (configured === 'none') return null;
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'] ?? null;
  return expand(configured.startsWith('$') ? (process.env[configured.replace(/^\$\{?|\}$/g, '')] ?? '') : configured);
}

/**
 * Fills a target in from the user's own configuration of ssh, as the OpenSSH client reads it (`ssh -G`), with all its
 * includes and patterns. Throws SshError where that configuration asks for something that only that client can do.
 * @param configFile instead of the user's own
 */
export async function resolveMachine(
  target: SshTarget,
  configFile: string | null = null,
  depth = 0,
): Promise<SshMachine> {
  if (target.host === '' || target.host.startsWith('-'))
    throw new SshError(target.name, `"${target.host}" is no host name`);
  if (depth > MOST_JUMPS) throw new SshError(target.name, `more than ${MOST_JUMPS} jump hosts, one behind the other`);
  const settings = await settingsOf(target, configFile);
  const one = (keyword: string): string | undefined => settings.get(keyword)?.[0];
  const files = (keyword: string): readonly string[] => (one(keyword) ?? '').split(' ').filter((path) => path !== '');
  const command = one('proxycommand');
  const jump = one('proxyjump');
  if (target.via === null && command !== undefined && command !== 'none')
    throw new SshError(
      target.name,
      `your configuration of ssh reaches ${target.host} by a ProxyCommand, which is not supported`,
      'use ProxyJump there, or name the jump hosts in the binding',
    );
  const jumps =
    target.via ?? (jump === undefined || jump === 'none' ? [] : jump.split(',').map((text) => jumpOf(text, target)));
  return {
    name: target.name,
    host: one('hostname') ?? target.host,
    port: Number(one('port') ?? 22),
    user: one('user') ?? userInfo().username,
    identity: {
      agent: target.agent ? agentSocket(settings) : null,
      keyFiles: [
        ...target.keyFiles.map(expand),
        // The client names its defaults, too, whether they are there or not.
        ...(settings.get('identityfile') ?? []).map(expand).filter((file) => existsSync(file)),
      ],
      password: target.password,
    },
    knownHosts: [
      ...target.knownHosts.map(expand),
      ...[...files('userknownhostsfile'), ...files('globalknownhostsfile')].map(expand),
    ],
    keyAlias: one('hostkeyalias') ?? null,
    via: await chained(jumps, configFile, depth),
    sudo: target.sudo,
  };
}

/** A jump host of a list is reached through those before it; only the first one's own jump hosts count. */
async function chained(
  jumps: readonly SshTarget[],
  configFile: string | null,
  depth: number,
): Promise<readonly SshMachine[]> {
  const chain: SshMachine[] = [];
  for (const [index, jump] of jumps.entries()) {
    const machine = await resolveMachine(index === 0 ? jump : { ...jump, via: [] }, configFile, depth + 1);
    if (index === 0) chain.push(...machine.via);
    chain.push({ ...machine, via: [] });
  }
  return chain;
}
