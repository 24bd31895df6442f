/** @type {(text: string) => void} */
let write = (text) => {
  process.stderr.write(text);
};

/**
 * Set-up speaks on stderr only: stdout belongs to the command that is set up, which may print JSON.
 * @param {string} line
 */
export function say(line) {
  write(`everyleaf: ${line}\n`);
}

/**
 * For tests: what set-up says goes here from now on.
 * @param {(text: string) => void} listener
 */
export function sayTo(listener) {
  write = listener;
}

/** Set-up cannot go on; `message` says what to do next. Becomes the exit code of the process. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode 69 (the machine lacks something) unless the caller knows better
   */
  constructor(message, exitCode = 69) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}
