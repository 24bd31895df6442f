import { appendFileSync } from 'node:fs';

/** A line that GitHub shows beside a commit. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
}

/** What a step of a workflow tells. */
export interface StepReport {
  /** One sentence. */
  readonly sentence: string;
  readonly annotations: readonly Annotation[];
}

/** GitHub shows so many of each level of a step, and drops the rest unseen. */
const ANNOTATIONS_MAX = 10;

/** A summary of a step ends at 1 MiB; a list that long is read by nobody. */
const ROWS_MAX = 200;

/** docs.github.com, "Workflow commands": what would end a line or a property is written as a code. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function commands(annotations: readonly Annotation[]): string {
  return annotations
    .slice(0, ANNOTATIONS_MAX)
    .map(({ level, title, text }) => `::${level} title=${escapedProperty(title)}::${escaped(text)}\n`)
    .join('');
}

/** Text in a cell of a table of Markdown, and nothing but text: names come from scenarios and findings. */
function cell(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/\s+/g, ' ');
}

function summary({ sentence, annotations }: StepReport): string {
  const rows = annotations
    .slice(0, ROWS_MAX)
    .map(({ level, title, text }) => `| ${level} | ${cell(title)} | ${cell(text)} |\n`);
  const more = annotations.length - rows.length;
  return [
    `### everyleaf\n\n${cell(sentence)}\n\n`,
    ...(rows.length === 0 ? [] : ['| | what | why |\n|---|---|---|\n', ...rows, '\n']),
    ...(more > 0 ? [`and ${more} more\n\n`] : []),
  ].join('');
}

/**
 * Tells GitHub what a step found, where it is one: annotations on stderr, and a summary in the file that it names. The
 * first annotations are seen, so what matters most comes first. A summary that cannot be written changes no verdict.
 */
export function tellGithub(
  report: StepReport,
  env: NodeJS.ProcessEnv = process.env,
  write: (text: string) => unknown = (text) => process.stderr.write(text),
): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  write(commands(report.annotations));
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  try {
    appendFileSync(file, summary(report));
  } catch (error) {
    write(`everyleaf: ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
