/** A profile is unknown, or its file is wrong; the message has `file:line:column` where there is a file. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}
