import { expect, test } from '@playwright/test';
import { asError } from './outcomeFile.js';

/** As the compiler makes it for `await using`. */
const suppressing = (error: unknown, suppressed: unknown): Error =>
  Object.assign(new Error('An error was suppressed during disposal.'), { error, suppressed });

test('an error alone stays what it is', () => {
  const error = new TypeError('no such leaf');
  expect(asError(error)).toBe(error);
  expect(asError('words').message).toBe('thrown: "words"');
});

test('of errors that came of the first one, all are told, the cause first and each once', () => {
  const cause = new RangeError('leg-a is out');
  const gone = new Error('the agent is gone');
  expect(asError(suppressing(gone, cause)).message).toBe(
    'RangeError: leg-a is out; then, while the lab was taken down: Error: the agent is gone',
  );
  const nested = suppressing(new Error('the guest is gone'), suppressing(gone, suppressing(gone, cause)));
  expect(asError(nested).message).toBe(
    'RangeError: leg-a is out; then, while the lab was taken down: Error: the agent is gone; then, while the lab was taken down: Error: the guest is gone',
  );
  expect(asError(suppressing(gone, gone)).message).toBe('Error: the agent is gone');
});
