import { agentClient, type AgentClient } from '../agent/client.js';
import { lastWordsOf, serialEnd } from './boot.js';
import type { GuestFiles, Machine } from './qemu.js';
import { connected } from './qmp.js';
import { hangs } from './signsOfLife.js';

/** The agent is there, and was idle: it answers within 0.1 s, and within seconds on a busy machine. */
const ANSWER_MS = 60_000;
/** Between two signs of life. */
const BEAT_MS = 2_000;
/**
 * A guest that has given none for so long hangs; what its machine starved it of is added. Where a CPU is emulated beside busy
 * ones, 29 s have been seen for what takes 0.3 s on an idle machine, and more than 60 s for a sign.
 */
const HANG_MS = 60_000;

/**
 * The agent of a guest that was restored. A guest that panics or hangs ends every call with a TestbedError that says so,
 * with the end of its console.
 *
 * @param waitedNs how long it was ready and did not run, ns, so far; null = nobody knows
 */
export async function openGuestAgent(
  machine: Machine,
  files: GuestFiles,
  waitedNs: () => Promise<number | null>,
): Promise<AgentClient> {
  const calls = await connected(files.calls);
  const chunks = await connected(files.chunks);
  let hung = false;
  const ended = new Promise<string>((resolve) => {
    const over = async () => {
      if (hung) resolve(`the guest gave no sign of life for ${HANG_MS / 1000} s in which it ran; ${serialEnd(files)}`);
      else resolve(`the guest is gone: ${await lastWordsOf(machine, files)}`);
    };
    calls.once('close', () => void over());
  });
  const client = await agentClient(
    {
      calls: { from: calls, to: calls },
      chunks,
      ended,
      complaints: () => serialEnd(files),
      kill: () => machine.kill(),
    },
    ANSWER_MS,
  );
  const over = new AbortController();
  const signs = { ask: () => client.call('now', {}), waitedNs, beatMs: BEAT_MS, hangMs: HANG_MS };
  void hangs(signs, over.signal).then((does) => {
    if (!does) return;
    hung = true;
    machine.kill();
  });
  void ended.then(() => over.abort());
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      over.abort();
      chunks.destroy();
      await client[Symbol.asyncDispose]();
    },
  };
}
