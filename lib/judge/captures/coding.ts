/**
 * How much must be said to say which frames are missing, in nats. A hypothesis that leaves x nats less to say than
 * chance does explains so much that chance does as well once in e^x times.
 */

const LOG_FACTORIALS: number[] = [0];

/** Natural logarithm of the number of ways to choose `k` of `n`. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** What it takes to say which of so many, and how many they are; all or none is said at once. */
export function costOf(of: number, these: number): number {
  if (of === 0) return 0;
  return Math.LN2 + (these === 0 || these === of ? 0 : logChoose(of, these) + Math.log(of + 1));
}

function logFactorial(n: number): number {
  for (let i = LOG_FACTORIALS.length; i <= n; i++) LOG_FACTORIALS.push((LOG_FACTORIALS[i - 1] ?? 0) + Math.log(i));
  return LOG_FACTORIALS[n] ?? 0;
}
