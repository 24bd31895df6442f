import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Nobody has this number on a Debian machine. */
const USER_UID = 4242;

export interface Users {
  /** Somebody besides root; null for nobody. */
  readonly other: string | null;
  /** The other may do everything by sudo, without a password. */
  readonly sudo: boolean;
  /** What both may log in with. */
  readonly publicKey: string;
}

/** Writes what is mounted over /etc of a machine, and the homes of its users. Nobody has a password. */
export async function writeUsers(folder: string, { other, sudo, publicKey }: Users): Promise<void> {
  const put = async (name: string, text: string, mode: number) => {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  };
  const people = [['root', 0] as const, ...(other === null ? [] : [[other, USER_UID] as const])];
  const passwd = [
    ...people.map(([name, uid]) => `${name}:x:${uid}:${uid}::/mnt/${name}:/bin/sh`),
    'tcpdump:x:997:65534::/nonexistent:/usr/sbin/nologin',
    'sshd:x:998:65534::/run/sshd:/usr/sbin/nologin',
  ];
  await put('passwd', `${passwd.join('\n')}\n`, 0o644);
  await put('group', `${people.map(([name, uid]) => `${name}:x:${uid}:\n`).join('')}nogroup:x:65534:\n`, 0o644);
  await put('shadow', people.map(([name]) => `${name}:*:19000::::::\n`).join(''), 0o600);
  const rights = ['root ALL=(ALL) ALL', ...(sudo && other !== null ? [`${other} ALL=(ALL) NOPASSWD: ALL`] : [])];
  await put('sudoers', `${rights.join('\n')}\n`, 0o440);
  for (const [name, uid] of people) {
    await mkdir(join(folder, name, '.ssh'), { recursive: true });
    await put(`${name}/.ssh/authorized_keys`, publicKey, 0o600);
    for (const path of ['', '.ssh', '.ssh/authorized_keys']) await chown(join(folder, name, path), uid, uid);
    for (const path of ['', '.ssh']) await chmod(join(folder, name, path), 0o700);
  }
}
