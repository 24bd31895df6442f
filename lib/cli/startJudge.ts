import { begin } from './early.js';
import { registerJudge } from './judge.js';
import * as captures from './judgeCaptureFiles.js';
import { isPlainQuestion } from './plainQuestion.js';
import { runCommandLine } from './program.js';

/**
 * Entry of the bundle, see lib/bootstrap/bundle.mjs. What `import()` loads is not in it, and would bring its own copy of
 * what is: a question that needs any of that, but for an explanation, is asked without the bundle.
 */
const args = process.argv.slice(2);
if (isPlainQuestion(args)) {
  begin(args);
  process.exitCode = await runCommandLine(args, process.stderr, {
    judge: () =>
      Promise.resolve((program) => {
        registerJudge(program, () => Promise.resolve(captures));
      }),
  });
} else await import('./start.js');
