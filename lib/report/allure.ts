import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from '../runProgram.js';

/** No Allure page was made; the message says what to do next. */
export class AllureError extends Error {
  override readonly name = 'AllureError';
}

export interface AllurePage {
  /** The page that was written. */
  readonly page: string;
  /** Results that it shows. */
  readonly results: number;
}

/** The page itself refuses every network request. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'unsafe-inline' 'unsafe-eval' data: blob:; base-uri 'none'; form-action 'none'">`;
const REMOTE_SCRIPT = /<script\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?\/\/[^>]*>[\s\S]*?<\/script>/gi;
const ANALYTICS_CALL =
  /<script\b[^>]*>(?:(?!<\/script>)[\s\S])*?\bfunction gtag\((?:(?!<\/script>)[\s\S])*?<\/script>/gi;

/**
 * Makes one self-contained Allure 3 page from the results of a run, in about a second. Not a part of `writeRunReport`,
 * so that it costs time only where it is wanted.
 * @param resultsFolder what allure-playwright wrote
 * @param page file to write
 * @param history file of earlier pages, which the page shows and which gets this run as its last line; null = none
 * @throws AllureError when there are no results (Allure itself would write an empty page and succeed) or when Allure
 * fails
 */
export async function writeAllurePage(
  resultsFolder: string,
  page: string,
  title: string,
  history: string | null = null,
): Promise<AllurePage> {
  const results = await countResults(resultsFolder);
  // Generating into a folder that has a page leaves the old one there. So it is always a fresh folder, below the run's
  // own: an interrupted one goes with the run.
  const scratch = await mkdtemp(join(dirname(resolve(page)), '.allure-'));
  try {
    const cli = allureProgram();
    const output = join(scratch, 'report');
    // A copy: Allure writes a history anew where it lies, and one that is killed meanwhile would leave half of it.
    const nights = join(scratch, 'history.jsonl');
    if (history !== null && existsSync(history)) await copyFile(history, nights);
    const options = [
      ...['--single-file', '--output', output, '--cwd', scratch, '--report-name', title],
      ...(history === null ? [] : ['--history-path', nights]),
    ];
    const made = await runProgram(process.execPath, [cli, 'awesome', resolve(resultsFolder), ...options]);
    if (made.code !== 0)
      throw new AllureError(`Allure could not make a page of ${resultsFolder}: ${made.stdout}${made.stderr}`);
    const html = withoutNetwork(await readFile(join(output, 'index.html'), 'utf8'));
    const clean = join(scratch, 'clean.html');
    await writeFile(clean, html);
    await copyFile(clean, page);
    if (history !== null) {
      await mkdir(dirname(history), { recursive: true });
      await copyFile(nights, `${history}.new`);
      await rename(`${history}.new`, history);
    }
    return { page, results };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Allure's command line. It is no dependency of ours: it has 150 dependencies, and few users want its page. */
function allureProgram(): string {
  return join(dirname(createRequire(import.meta.url).resolve('allure')), '..', 'cli.js');
}

/** What must be installed for an Allure page and is not. */
export function missingAllurePackages(): readonly string[] {
  const require = createRequire(import.meta.url);
  return ['allure', 'allure-playwright'].filter((name) => {
    try {
      require.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}

/** The page without its analytics, and with a policy that forbids all requests. */
export function withoutNetwork(html: string): string {
  return html
    .replace(REMOTE_SCRIPT, '')
    .replace(ANALYTICS_CALL, '')
    .replace(/<head>/i, () => `<head>\n    ${POLICY}`);
}

async function countResults(folder: string): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new AllureError(`${folder} cannot be read: the run wrote no Allure results there`, { cause: error });
  });
  const results = names.filter((name) => name.endsWith('-result.json')).length;
  if (results === 0)
    throw new AllureError(
      `${folder} holds no Allure results: nothing ran, or the allure-playwright reporter was not on`,
    );
  return results;
}
