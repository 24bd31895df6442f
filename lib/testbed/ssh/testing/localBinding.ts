import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../packageRoot.js';

const BINDINGS = join(PACKAGE_ROOT, 'topologies/bindings');
export const LOCAL = 'two-linux-leaves-local';

/** The text of that binding, for another folder: what it reads of the project is found from there, too. */
export async function localBindingText(): Promise<string> {
  const text = await readFile(join(BINDINGS, `${LOCAL}.yaml`), 'utf8');
  return text.replaceAll(/(?:\.\.\/)+/g, (up) => join(BINDINGS, up));
}

/** Copies it into that folder, which is made; its keys are looked for there. */
export async function copyLocalBinding(folder: string, edit = (text: string): string => text): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${LOCAL}.yaml`);
  await writeFile(file, edit(await localBindingText()));
  return file;
}
