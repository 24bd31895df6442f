/**
 * Starts programs as the agent does and prints what came of them, as JSON. A process of its own: it takes the ends of
 * all its children, those of Node too.
 */
import { SpawnError, startChild, type ChildEnd } from '../child.js';

async function tell(argv: readonly string[], input = '', ownGroup = false): Promise<unknown> {
  try {
    const child = startChild(argv, { ...process.env, EVERYLEAF_PROBE: 'ä' }, ownGroup);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const end: ChildEnd = await child.closed;
    child.kill('SIGKILL'); // does nothing any more
    return { ...end, stdout: stdout.length > 1000 ? stdout.length : stdout.trim(), stderr: stderr.trim() };
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    return error.message;
  }
}

// A signal that is listened for does not keep Node running; the agent has its connection for that.
const alive = setInterval(() => undefined, 60_000);
const commands = JSON.parse(process.argv[2] ?? '[]') as readonly {
  readonly argv: readonly string[];
  readonly input?: string;
  readonly ownGroup?: boolean;
}[];
console.log(
  JSON.stringify(await Promise.all(commands.map(({ argv, input, ownGroup }) => tell(argv, input, ownGroup)))),
);
clearInterval(alive);
