import { UserError } from '../userError.js';

const MAC = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$/i;

/** A MAC in the one form that is used inside; null for anything else, and for group addresses, which send nothing. */
export function unicastMac(text: string): string | null {
  if (!MAC.test(text)) return null;
  const mac = text.toLowerCase().replaceAll('-', ':');
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 ? null : mac;
}

/** Throws UserError when the text is no MAC that sends: of a host, or of whose it is said to be. */
export function hostMac(text: string, whose = 'a host'): string {
  const mac = unicastMac(text);
  if (mac !== null) return mac;
  const hint = MAC.test(text)
    ? 'its first byte is odd: it is the address of a group, which sends nothing'
    : 'write six bytes as in 02:00:00:00:01:0a';
  throw new UserError(`"${text}" is not the MAC of ${whose}`, hint);
}

/** Lines of `MAC [name]`; `#` begins a comment. Throws UserError with file:line:column. */
export function parseHostFile(text: string, fileName: string): Map<string, string> {
  const hosts = new Map<string, string>();
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    const content = line.replace(/#.*$/, '').trim();
    if (content === '') return;
    const [first = '', ...rest] = content.split(/\s+/);
    const mac = unicastMac(first);
    if (mac === null)
      problems.push(
        `${fileName}:${i + 1}:${line.indexOf(first) + 1}: "${first}" is not the MAC of a host; write lines of: MAC name`,
      );
    else hosts.set(mac, rest.join(' ') || mac);
  });
  if (problems.length > 0) throw new UserError(problems.slice(0, 20).join('\n'));
  if (hosts.size === 0) throw new UserError(`${fileName}: no host is named in it`, 'write lines of: MAC name');
  return hosts;
}
