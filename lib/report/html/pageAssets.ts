import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPTS = ['dom.js', 'ladder.js', 'frames.js', 'page.js'] as const;
const STYLES = ['theme.css', 'page.css', 'ladder.css', 'print.css'] as const;

export interface PageAssets {
  readonly style: string;
  readonly script: string;
  /** Content-Security-Policy source of the script: only this exact text may run. */
  readonly scriptHash: string;
}

let cached: PageAssets | null = null;

/** Style and script of the page, from `reports/page/` of this package. */
export function pageAssets(): PageAssets {
  if (cached !== null) return cached;
  const folder = pageFolder();
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const script = `(() => {\n'use strict';\n${SCRIPTS.map(read).join('\n')}})();\n`;
  const scriptHash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  cached = { style: STYLES.map(read).join('\n'), script, scriptHash };
  return cached;
}

/** The same folder for the sources and for the build. */
export function pageFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, 'reports', 'page');
    if (existsSync(join(folder, 'page.js'))) return folder;
    if (dirname(at) === at)
      throw new Error(
        'reports/page is missing: the report cannot be drawn without its style and script; reinstall the package',
      );
  }
}
