/**
 * `sshStream BINDING PID FRAMES RATE`: has frames sent on the machine with that first process, captures them at leaf-a through
 * ssh, and prints as JSON what came and the most memory that this process had.
 */
import { join } from 'node:path';
import { DEFAULTS } from '../lib/defaults.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { runProgram } from '../lib/runProgram.js';
import { need } from '../lib/testbed/capability.js';
import { defaultTopology } from '../lib/testing/defaultLab.js';
import { onBinding } from './sshLab.js';

/** Counts the records of a capture file as it grows (pcap-savefile(5)), and keeps nothing. */
function recordCounter() {
  let skip = 24;
  let head = Buffer.alloc(0);
  let records = 0;
  return {
    records: () => records,
    write(chunk: Uint8Array): void {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (;;) {
        const skipped = Math.min(skip, bytes.length);
        skip -= skipped;
        bytes = bytes.subarray(skipped);
        if (bytes.length === 0) return;
        const wanted = 16 - head.length;
        head = Buffer.concat([head, bytes.subarray(0, wanted)]);
        bytes = bytes.subarray(wanted);
        if (head.length < 16) return;
        records++;
        skip = head.readUInt32LE(8);
        head = Buffer.alloc(0);
      }
    },
    end: () => undefined,
  };
}

/** The capture has no token of ours in it. */
const SALT = 1;

const [binding = '', pid = '', frames = '', rate = ''] = process.argv.slice(2);
const result = await onBinding(binding, DEFAULTS, async (testbed) => {
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const [leg] = lab.links;
  if (leg === undefined) throw new Error('a lab without legs');
  const inside = ['-t', pid, '-n', '-m', '--'];
  const { stdout } = await runProgram('nsenter', [...inside, 'ip', 'netns', 'list']);
  const space = stdout.split(/\s+/).find((word) => word.endsWith(`-${leg.a.node.name}`)) ?? '';
  const counter = recordCounter();
  const tap = await need(leg.b.tap).open({ direction: 'in', salt: SALT, sink: counter });
  const sender = [process.execPath, join(PACKAGE_ROOT, 'dist/bench/sshSend.js'), leg.a.name, frames, rate];
  const sent = await runProgram('nsenter', [...inside, 'ip', 'netns', 'exec', space, ...sender]);
  if (sent.code !== 0) throw new Error(sent.stderr);
  const begun = performance.now();
  const counters = await tap.stop();
  return {
    sentPerSecond: Number(sent.stdout),
    came: counter.records(),
    captured: counters.receivedByFilter,
    dropped: counters.droppedByKernel,
    drainedMs: performance.now() - begun,
  };
});
process.stdout.write(JSON.stringify({ ...result, maxRssKib: process.resourceUsage().maxRSS }));
