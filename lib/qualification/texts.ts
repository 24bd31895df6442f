import type { QualifiedRun } from './judged.js';
import { NAMESPACE } from './signature.js';
import { SIGNATURE_FILE, SUMS_FILE } from './sums.js';

/** For a person who has this bundle and nothing else. The same in every bundle. */
export const VERIFY_TEXT = `# How to verify this bundle

With everyleaf, offline, without root and without a lab. Exit 0: qualified; 1: not; 3: it cannot be told here.

    everyleaf verify BUNDLE.zip --signers allowed_signers

\`allowed_signers\` is a file of your own (ssh-keygen(1), ALLOWED SIGNERS), never one that came with the bundle. All
evidence is judged again, and every other file here is made again and compared.

By hand, with OpenSSH and coreutils, in the folder where the bundle was unpacked:

    ssh-keygen -Y find-principals -s ${SIGNATURE_FILE} -f allowed_signers
    ssh-keygen -Y verify -f allowed_signers -I PRINCIPAL -n ${NAMESPACE} -s ${SIGNATURE_FILE} < ${SUMS_FILE}
    sha256sum --check --strict --quiet ${SUMS_FILE}
    find . -type f | wc -l; wc -l < ${SUMS_FILE}

The first number is larger by two: the sums and their signature are not in the sums. By hand, files are compared and
not judged. The time in STATEMENT.json is the signer's word.
`;

function comment(text: string): string {
  return `# ${text.replaceAll(/[^\x20-\x7e]+/g, ' ')}\n`;
}

/** A shell script that names what each run was, and how to make it again. */
export function repeatScript(runs: readonly QualifiedRun[]): string {
  const parts = runs.map(({ folder, plan, place }) =>
    [
      comment(`${folder}: run ${plan.run} of ${plan.startedAt}, on ${place}`),
      ...Object.entries({ ...plan.environment, ...plan.inputs })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => comment(`  ${name}: ${value}`)),
      // One line: what follows a line feed would be a command of its own.
      `${plan.command.replaceAll(/[^\x20-\x7e]+/g, ' ')}\n`,
    ].join(''),
  );
  return `#!/bin/sh\n${comment('Makes the runs of this bundle again. Read it first: it runs what the signer ran.')}set -eu\n\n${parts.join('\n')}`;
}
