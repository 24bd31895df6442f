import {
  Lexer,
  LineCounter,
  Parser,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type ParsedNode,
} from 'yaml';
import type { Problem, ProblemKind } from './problem.js';

export type Path = readonly PropertyKey[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML text as plain data, with the way back from a path in the data to a place in the text. */
export interface Source {
  readonly value: unknown;
  /** Where the value at this path stands, or the nearest thing above it that is written. */
  readonly placeOf: (path: Path) => Place;
  /** Where the key itself stands. */
  readonly placeOfKey: (path: Path) => Place;
}

/** Characters; a topology of 128 leaves needs half of it. */
export const TEXT_MAX = 32_768;

/** What messages call a file of this sort. */
export interface Sort {
  /** With its article: "a topology". */
  readonly name: string;
  /** A file to start from. */
  readonly example: string;
  readonly levels: string;
}

const TOPOLOGY: Sort = { name: 'a topology', example: 'topologies/dual-leaf.yaml', levels: 'five' };

/** Levels of the syntax tree; a topology has about a dozen. */
const DEPTH_MAX = 64;

type Read = { readonly source: Source } | { readonly problems: readonly Problem[] };

/** Reads one YAML document without aliases. Never throws: for any text, the result is a source or its problems. */
export function readSource(text: string, sort: Sort = TOPOLOGY): Read {
  const only = (kind: ProblemKind, said: string, hint: string, place: Place = { line: 1, column: 1 }): Read => ({
    problems: [{ kind, ...place, text: said, hint }],
  });
  if (text.length > TEXT_MAX) {
    return only('too-large', `${text.length} characters are too many for ${sort.name}`, `write at most ${TEXT_MAX}`);
  }
  const tooDeep = firstTooDeep(text);
  if (tooDeep !== null)
    return only('too-deep', 'the text is nested too deep', `${sort.name} needs ${sort.levels} levels`, tooDeep);
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => place(lines, offset);
  const document: Document.Parsed = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
    merge: false,
    logLevel: 'error',
  });
  const problems: Problem[] = syntaxIssues(document).map((issue) => ({
    kind: 'syntax',
    ...placeAt(issue.pos[0]),
    text: issue.code === 'MULTIPLE_DOCS' ? 'a second document begins here' : `not YAML: ${sentence(issue.message)}`,
    hint:
      issue.code === 'MULTIPLE_DOCS'
        ? `one file holds ${sort.name.replace(/^an? /, 'one ')}`
        : (SYNTAX_HINTS[issue.code] ?? 'correct the syntax'),
  }));
  if (problems.length > 0) return { problems };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return only('empty', `the file holds ${sort.name.replace(/^an? /, 'no ')}`, `start from ${sort.example}`);
  }
  problems.push(...refusedNodes(document, placeAt));
  if (problems.length > 0) return { problems };
  return { source: { value: document.toJS(), ...locator(document.contents, placeAt) } };
}

function place(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/**
 * The place where the text is nested deeper than any topology, or null. The composer is recursive, so endless brackets
 * would exhaust its stack.
 */
function firstTooDeep(text: string): Place | null {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    // Tokens come out when they are complete; only the depth is of interest.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > DEPTH_MAX) return place(lines, parser.offset);
  }
  return null;
}

/** After the first broken line, a parser's messages are mostly consequential errors. */
function syntaxIssues(document: Document.Parsed): readonly YAMLParseIssue[] {
  const issues = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const independent = issues.filter(({ code }) => code === 'DUPLICATE_KEY' || code === 'TAG_RESOLVE_FAILED');
  return independent.length === issues.length ? issues : issues.slice(0, 1);
}

type YAMLParseIssue = Document.Parsed['errors'][number] | Document.Parsed['warnings'][number];

const SYNTAX_HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'keep one of them',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'close every bracket, and indent one block alike',
  TAG_RESOLVE_FAILED: 'remove the tag',
};

/** The parser's message as the middle of a sentence: no line break, no full stop. */
const sentence = (message: string): string => message.replace(/\s+/g, ' ').replace(/[.:]?$/, '');

/** Aliases and merge keys hide where a value is written, and can make a small text huge. */
function refusedNodes(document: Document.Parsed, placeAt: (offset: number) => Place): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, node) {
      problems.push({
        kind: 'alias',
        ...placeAt(node.range?.[0] ?? 0),
        text: `alias "*${node.source}" is not allowed here`,
        hint: 'write the value out',
      });
      return visit.BREAK; // One is enough; a bomb has thousands.
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key) || pair.key.value !== '<<') return undefined;
      problems.push({
        kind: 'merge-key',
        ...placeAt(pair.key.range?.[0] ?? 0),
        text: 'merge key "<<" is not allowed here',
        hint: 'write the keys out',
      });
      return visit.SKIP;
    },
  });
  return problems;
}

function locator(root: ParsedNode, placeAt: (offset: number) => Place): Pick<Source, 'placeOf' | 'placeOfKey'> {
  const walk = (path: Path, wantKey: boolean): Place => {
    let node: unknown = root;
    let offset = root.range[0];
    for (const [depth, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (pair === undefined) break;
        const last = depth === path.length - 1;
        offset = offsetOf(last && wantKey ? pair.key : pair.value) ?? offsetOf(pair.key) ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = offsetOf(node) ?? offset;
      } else break;
    }
    return placeAt(offset);
  };
  return { placeOf: (path) => walk(path, false), placeOfKey: (path) => walk(path, true) };
}

function offsetOf(node: unknown): number | undefined {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return node.range?.[0];
  return undefined;
}
