import { UserError } from '../userError.js';
import { isOwnKernel, readImage } from './ownKernel.js';
import { digest, isKeptKernel } from './ownKernelPart.js';
import type { Part } from './parts.js';

const rest = (text: string, beginning: string) => (text.startsWith(beginning) ? text.slice(beginning.length) : '');

const named = (parts: readonly Part[]): string =>
  [...new Set(parts.flatMap(({ kernel }) => (kernel === null ? [] : [kernel])))].sort().join(', ');

/**
 * What is built of a kernel. Throws UserError where nothing is.
 *
 * @param wanted a version or its beginning; the path of a kernel of a person's own, whatever its modules are; or the name
 *   of a kernel in the list, which tells builds of one release apart
 */
export function partsOfKernel(all: readonly Part[], wanted: string): readonly Part[] {
  if (isKeptKernel(wanted))
    return orNothing(
      all.filter(({ kernel }) => kernel === wanted),
      wanted,
    );
  if (!isOwnKernel(wanted))
    return orNothing(
      all.filter(({ release }) => release !== null && (release === wanted || /^[.-]/.test(rest(release, wanted)))),
      `a kernel ${wanted}`,
    );
  const { release, bytes } = readImage(wanted);
  const content = digest(bytes);
  const parts = all.filter(({ image }) => image === content);
  const others = all.filter((part) => part.image !== null && part.release === release);
  if (parts.length > 0 || others.length === 0) return orNothing(parts, wanted);
  throw new UserError(
    `nothing is built of ${wanted} as it is now; of other builds of ${release} there is ${named(others)}`,
    `"everyleaf vm rm --kernel ${named(others.slice(0, 1))}" removes one of them, and "--kernel ${release}" all`,
  );
}

function orNothing(parts: readonly Part[], what: string): readonly Part[] {
  if (parts.length > 0) return parts;
  throw new UserError(`nothing is built of ${what}`, 'everyleaf vm list shows what is');
}
