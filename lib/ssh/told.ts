import type { ClientChannel } from 'ssh2';
import type { OnExit, SshConnection } from './connect.js';
import { ExecRefused, SshError } from './error.js';

/**
 * How often a refused command is asked for again. dropbear 2022.82 to 2024.85 closes a session where the end of another
 * command falls between its opening and its request, and runs the command nevertheless (mkj/dropbear#321, mended by #326).
 * That was about one command in 130 on a busy machine; five in a row are a server that does not want to.
 */
const AGAIN = 4;

/**
 * Has a machine run a command that does nothing before it has read a line from its stdin, and ends where stdin ends
 * without one. Such a command can be asked for again where the server refused it: its stdin was never written to, so
 * that it has done nothing, whether it was started or not. The line must be the first that the caller writes.
 *
 * @param said the command as errors name it.
 */
export async function sessionThatWaits(
  connection: SshConnection,
  command: string,
  said: string,
  onExit?: OnExit,
): Promise<ClientChannel> {
  for (let again = 0; ; again++) {
    try {
      return await connection.session(command, onExit);
    } catch (error) {
      if (!(error instanceof ExecRefused)) throw error;
      if (again < AGAIN) continue;
      throw new SshError(
        connection.machine.name,
        `${said} was refused ${AGAIN + 1} times by the server (${error.said}), and has not begun`,
        'see what the log of the ssh server there says of it',
      );
    }
  }
}
