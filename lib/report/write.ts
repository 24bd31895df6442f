import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportDetails } from './details.js';
import { renderReport } from './html/renderReport.js';
import { renderJunit, type JunitProperties } from './junit.js';
import type { RunReport } from '../run/result.js';

export interface WrittenReport {
  readonly page: string;
  readonly json: string;
  readonly junit: string;
}

/**
 * Writes `index.html`, `run.json` and `junit.xml` into the run's folder, which is made when it is missing.
 * @param properties what else is to be said of a test in `junit.xml`
 */
export async function writeRunReport(
  runFolder: string,
  run: RunReport,
  details: ReportDetails,
  properties: JunitProperties = new Map(),
): Promise<WrittenReport> {
  await mkdir(runFolder, { recursive: true });
  const files = {
    page: join(runFolder, 'index.html'),
    json: join(runFolder, 'run.json'),
    junit: join(runFolder, 'junit.xml'),
  };
  await Promise.all([
    writeFile(files.page, renderReport(run, details)),
    writeFile(files.json, `${JSON.stringify(run, null, 1)}\n`),
    writeFile(files.junit, renderJunit(run, properties)),
  ]);
  return files;
}
