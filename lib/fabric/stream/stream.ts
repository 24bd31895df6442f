import { DURATIONS } from '../../durations.js';
import type { TrafficHistory, TrafficStream } from '../../evidence/types.js';
import { TestbedError } from '../../testbed/error.js';
import type { Lab } from '../../testbed/lab.js';
import type { Process } from '../../testbed/node.js';
import type { ClientRecord, ClientTask, ServerRecord } from './packet.js';
import { udpDrops } from '../../lab/udpDrops.js';
import { need } from '../../testbed/capability.js';

/** Packets per second of one stream: far below what a user-space switch drops on a busy machine. */
const RATE = 100;
/** The chance that the spine sends all flows of a stream to one of two leaves is 2^-15. */
const FLOWS = 16;

const program = (name: string): string => `fabric/stream/${name}.js`;

export interface RunningStream {
  readonly startedNs: string;
  stop(): Promise<Pick<TrafficHistory, 'streams'> & Required<Pick<TrafficHistory, 'receiverDrops'>>>;
}

interface Target {
  readonly receiver: string;
  readonly ip: string;
}

async function begin(
  lab: Lab,
  node: string,
  argv: readonly string[],
  word: RegExp,
  onLine?: (line: string) => void,
): Promise<Process> {
  const [name = '', ...words] = argv;
  const command = [...need(await lab.node(node).deploy(name)), ...words];
  const started = await lab.node(node).spawn(command, onLine === undefined ? {} : { onLine });
  if ((await started.line(word, DURATIONS.daemonStart)) === null)
    throw new TestbedError(
      `on ${node}: ${argv.join(' ')} did not start: ${started.hasEnded()?.lastOutput ?? 'no word from it'}`,
    );
  return started;
}

/** A client's packets to each target, from now on. */
export async function startStream(lab: Lab, client: string, targets: readonly Target[]): Promise<RunningStream> {
  const receivers = [...new Set(targets.map(({ receiver }) => receiver))];
  const last = new Map<string, string>();
  const servers = await Promise.all(
    receivers.map((receiver) => {
      const fences = targets.filter((target) => target.receiver === receiver).length * FLOWS;
      return begin(
        lab,
        receiver,
        [program('server'), String(fences)],
        /^listening$/,
        (line) => void last.set(receiver, line),
      );
    }),
  );
  const drops = () => Promise.all(receivers.map((receiver) => udpDrops(lab.node(receiver))));
  const before = await drops();
  const startedNs = await lab.now();
  const task: ClientTask = { targets: targets.map(({ ip }) => ip), flows: FLOWS, rate: RATE };
  const sender = await begin(
    lab,
    client,
    [program('client'), JSON.stringify(task)],
    /^streaming$/,
    (line) => void last.set(client, line),
  );
  return {
    startedNs,
    async stop() {
      await sender.stop();
      // After its fences nothing of a flow is in flight any more. Where a receiver cannot be reached, there is nothing
      // to wait for.
      await Promise.all(servers.map((server) => server.line(/^fences$/, DURATIONS.streamDrain)));
      const after = await drops();
      await Promise.all(servers.map((server) => server.stop()));
      const record = JSON.parse(last.get(client) ?? '') as ClientRecord;
      const arrived = receivers.map((receiver) => JSON.parse(last.get(receiver) ?? '') as ServerRecord);
      return {
        streams: targets.map((target, index) =>
          streamOf(target, record, index, arrived[receivers.indexOf(target.receiver)]?.[String(index)] ?? []),
        ),
        receiverDrops: receivers.map((node, at) => ({ node, dropped: (after[at] ?? 0) - (before[at] ?? 0) })),
      };
    },
  };
}

function streamOf(
  { receiver, ip }: Target,
  record: ClientRecord,
  index: number,
  arrived: readonly number[],
): TrafficStream {
  const sent = record.sentUs[index] ?? [];
  const seen = new Set(arrived);
  const start = BigInt(record.startNs);
  return {
    receiver,
    ip,
    flows: FLOWS,
    sent: sent.length,
    duplicates: arrived.length - seen.size,
    lostNs: sent.flatMap((us, sequence) => (seen.has(sequence) ? [] : [String(start + BigInt(us) * 1_000n)])),
  };
}
