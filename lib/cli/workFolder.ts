import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the name of each folder; then the command, the number of the processes' namespace, and that of the process. */
const PREFIX = 'everyleaf-work-';
const NAME = /^everyleaf-work-[a-z]+-([0-9]+)-([0-9]+)-[^-]+$/;

/** Processes of another namespace have numbers of their own: whether one of them is alive cannot be told from here. */
function namespaceOfProcesses(): string {
  return /[0-9]+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Removes what a killed process of this user left in `parent`. What cannot be removed is no reason to stop. */
export function removeLeftWork(parent: string): void {
  const here = namespaceOfProcesses();
  for (const name of readdirSync(parent)) {
    const [, namespace, process_] = NAME.exec(name) ?? [];
    if (namespace !== here || isAlive(Number(process_))) continue;
    const path = join(parent, name);
    try {
      const info = lstatSync(path);
      if (info.isDirectory() && info.uid === process.getuid?.()) rmSync(path, { recursive: true });
    } catch {
      // Another process was faster, or it is not ours to remove.
    }
  }
}

/**
 * Gives a command an empty folder, and removes it at the end; what a killed one left is removed by the next.
 * @param command its name
 */
export async function inWorkFolder<T>(
  command: string,
  use: (folder: string) => Promise<T>,
  parent = tmpdir(),
): Promise<T> {
  removeLeftWork(parent);
  const folder = mkdtempSync(join(parent, `${PREFIX}${command}-${namespaceOfProcesses()}-${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
