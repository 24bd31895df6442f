import { readFiles } from '../../../lab/files.js';
import { shellCommand } from '../../../shellQuote.js';
import { LackError } from '../../capability.js';
import type { Node } from '../../node.js';

/** `ip` that only shows: options, an object, and `show`. */
const SHOWS = /^ip (?:-[A-Za-z0-9]+ )*(?:link|addr|address|neigh|route|netns) show\b/;

/** `ip` that only tells what it hears. */
const HEARS = /^ip (?:-[A-Za-z0-9]+ )*monitor\b/;

/** Programs that change nothing of a machine, whatever their arguments here are. */
const LOOKERS: readonly string[] = ['tcpdump', 'cat', 'true', 'ss'];

/** Questions of a leaf's own kernel: an echo request, and an entry of its table that is asked for again. */
const ASKS =
  /^(?:ping -n -q -c \d -W \d (?:-I [0-9A-Fa-f.:]+ )?|ip neigh change )[0-9A-Fa-f.:]+(?: dev \S+ nud probe)?$/;

/** Whether a command only looks. */
function looks(argv: readonly string[]): boolean {
  const [program = ''] = argv;
  return LOOKERS.includes(program) || SHOWS.test(argv.join(' ')) || HEARS.test(argv.join(' '));
}

/**
 * A node of which nothing may be changed: only commands that look are run there, and those that its binding names. All
 * others are lacking, so that what needs them is not tried.
 *
 * @param named commands of the binding, run as they stand there
 * @param mayAsk it is a leaf, whose kernel may ask its neighbors as it always does
 */
export function untouchedNode(node: Node, named: readonly (readonly string[])[], mayAsk = false): Node {
  const allows = (argv: readonly string[]): boolean =>
    looks(argv) ||
    (mayAsk && ASKS.test(argv.join(' '))) ||
    named.some((one) => one.length === argv.length && one.every((word, at) => word === argv[at]));
  const refuse = (argv: readonly string[]): never => {
    throw new LackError([
      {
        what: `a change on ${node.name}`,
        command: shellCommand(argv).slice(0, 300),
        output: 'its binding says that it is installed: everyleaf runs only commands there that look',
      },
    ]);
  };
  return {
    ...node,
    async exec(argv, options) {
      return allows(argv) ? node.exec(argv, options) : refuse(argv);
    },
    async spawn(argv, options) {
      return allows(argv) ? node.spawn(argv, options) : refuse(argv);
    },
    shortcuts: { read: (paths) => readFiles(node, paths) },
  };
}
