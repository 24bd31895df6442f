/**
 * Two pieces of work at the same time, neither of which needs the other. Both have ended when it returns or throws, so that
 * nothing goes on behind whoever cleans up; of two failures the first one's is thrown.
 */
export async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value];
}
