/** Every kind of problem in a topology text; each has a file in `topologies/invalid/`. */
export const PROBLEM_KINDS = [
  'too-large',
  'syntax',
  'too-deep',
  'alias',
  'merge-key',
  'empty',
  'missing-key',
  'unknown-key',
  'wrong-type',
  'wrong-value',
  'too-few',
  'too-many',
  'interface-name-too-long',
  'interface-name-form',
  'interface-name-reserved',
  'name-too-long',
  'name-form',
  'duplicate-name',
  'duplicate-interface',
  'duplicate-vlan',
  'host-port-reserved',
  'leaf-port-reserved',
  'duplicate-gateway-port',
  'endpoint-form',
  'unknown-host',
  'unknown-leaf',
  'unknown-network',
  'leaf-without-leg',
  'leaf-with-two-legs',
  'host-not-native',
  'vm-attachment',
  'vm-untagged',
  'vm-tagged',
  'trunk-repeats',
  'unknown-plane',
  'unknown-variant',
  'plane',
  'half-a-fabric',
  'too-many-for-nics',
  'fabric-too-small',
  'mac-multicast',
  'mac-not-local',
  'duplicate-mac',
  'vms-same-side',
  'prefix-form',
  'prefix-not-documentation',
  'prefix-overlap',
  'no-prefix-left',
  'address-form',
  'address-outside',
  'address-of-gateway',
  'address-not-attached',
  'duplicate-address',
] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** One problem, its place (1-based), and what to do about it. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly hint: string;
}

/** The most problems that one message shows; a wrong indentation can make hundreds. */
const SHOWN = 20;

/**
 * The topology text cannot be used. The message has one `file:line:column: what; hint` line for each problem, in file
 * order.
 */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly problems: readonly Problem[];

  constructor(fileName: string, problems: readonly Problem[]) {
    const ordered = inFileOrder(problems);
    super(problemLines(fileName, ordered));
    this.problems = ordered;
  }
}

const inFileOrder = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);

/** One `file:line:column: what; hint` line for each problem, in file order. */
export function problemLines(fileName: string, problems: readonly Problem[]): string {
  const lines = inFileOrder(problems)
    .slice(0, SHOWN)
    .map((p) => `${fileName}:${p.line}:${p.column}: ${printable(p.text)}; ${printable(p.hint)}`);
  if (problems.length > SHOWN)
    lines.push(`${fileName}: and ${problems.length - SHOWN} more problems; repair these first`);
  return lines.join('\n');
}

/** The text comes from a file that may hold terminal escapes, and lines without end. */
function printable(text: string): string {
  const cut = text.length > 400 ? `${text.slice(0, 399)}…` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
