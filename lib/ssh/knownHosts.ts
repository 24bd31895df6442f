import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file. */
export interface KnownHostLine {
  readonly file: string;
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | null;
  /** Patterns, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  /** The key as it is sent, in base64. */
  readonly key: string;
}

/**
 * The lines of a known_hosts file (sshd(8)). Lines without a key are skipped, as OpenSSH does: an unknown marker or a
 * damaged line can only make a key unknown, never known.
 */
export function parseKnownHosts(file: string, text: string): readonly KnownHostLine[] {
  return text.split('\n').flatMap((raw, index): readonly KnownHostLine[] => {
    const words = raw.trim().split(/\s+/);
    const marked = words[0]?.startsWith('@') === true;
    const marker = words[0] === '@revoked' ? 'revoked' : words[0] === '@cert-authority' ? 'cert-authority' : null;
    if (words[0]?.startsWith('#') === true || (marked && marker === null)) return [];
    const [hosts, type, key] = marked ? words.slice(1) : words;
    if (hosts === undefined || type === undefined || key === undefined) return [];
    return [{ file, line: index + 1, marker, hosts, type, key }];
  });
}

/** The name under which a host is looked up: the bare host for port 22, `[host]:port` otherwise; in lower case. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** `*` and `?` as ssh_config(5) has them, PATTERNS; nothing else is special. */
function matchesPattern(pattern: string, name: string): boolean {
  const expression = pattern.replaceAll(/[^*?]/g, (char) => char.replace(/[\\^$.|+()[\]{}]/, '\\$&'));
  return new RegExp(`^${expression.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}

/** `|1|salt|hash`: HMAC-SHA1 of the name with the salt as key (hostfile.c of OpenSSH, host_hash). */
function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt = '', hash] = hashed.split('|');
  if (version !== '1') return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  // One negated pattern that matches excludes the host from this line, whatever else matches.
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, name));
}

/** The lines that are about this name, in order. */
export function linesFor(lines: readonly KnownHostLine[], name: string): readonly KnownHostLine[] {
  return lines.filter(({ hosts }) => matchesHosts(hosts, name));
}

/** The type that a key names itself (RFC 4253 6.6): its first string. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return 'unknown';
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Why a host key is refused, and what to do about it. */
export interface KeyRefusal {
  readonly reason: string;
  readonly hint: string | null;
}

const at = ({ file, line }: KnownHostLine): string => `${file}:${line}`;

/**
 * Judges the key that a server has shown by the lines about its name: null when it is known. Pure: it is asked again
 * each time that keys are exchanged anew.
 */
export function refusalOf(
  about: readonly KnownHostLine[],
  name: string,
  files: readonly string[],
  key: Buffer,
): KeyRefusal | null {
  const [blob, type, print] = [key.toString('base64'), keyTypeOf(key), fingerprintOf(key)];
  const same = (line: KnownHostLine): boolean => line.key === blob;
  const shown = `the host key that it shows (${type}, ${print})`;
  const revoked = about.find((line) => line.marker === 'revoked' && same(line));
  if (revoked !== undefined)
    return { reason: `${shown} is revoked at ${at(revoked)}`, hint: 'do not log in: that key is no longer secret' };
  const plain = about.filter((line) => line.marker === null);
  if (plain.some(same)) return null;
  const old = plain.find((line) => line.type === type) ?? plain[0];
  if (old !== undefined)
    return {
      reason: `${shown} is not the one that is known for ${name} (${old.type}) at ${at(old)}`,
      hint: 'someone else may be answering: compare the fingerprint on the machine, and only then replace that line',
    };
  const authority = about.find((line) => line.marker === 'cert-authority');
  if (authority !== undefined)
    return {
      reason: `${name} is known by a certificate authority only (${at(authority)}), and host certificates are not supported`,
      hint: "add the machine's own key to a known_hosts file",
    };
  return {
    reason: `${shown} is not known: no line about ${name} in ${files.join(', ') || 'any known_hosts file (none is named)'}`,
    hint: 'compare the fingerprint on the machine, then add its key to one of these files (ssh-keyscan prints the line)',
  };
}

/** Every type that ssh2 can verify, in its own order of preference. */
export const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

export type HostKeyAlgorithm = (typeof HOST_KEY_ALGORITHMS)[number];

/** An RSA key serves three algorithms (RFC 8332 3). */
const typeFor = (algorithm: HostKeyAlgorithm): string => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);

/** All algorithms, those of the keys that are known first: the server then shows a key that can be compared. */
export function algorithmsFor(about: readonly KnownHostLine[]): readonly HostKeyAlgorithm[] {
  const known = new Set(about.filter(({ marker }) => marker === null).map(({ type }) => type));
  const isKnown = (algorithm: HostKeyAlgorithm): boolean => known.has(typeFor(algorithm));
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((one) => !isKnown(one))];
}
