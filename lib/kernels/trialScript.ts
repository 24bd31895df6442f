import { captureCommand } from '../capture/live.js';
import { controlFrame } from '../wire/control.js';
import { shellCommand } from '../shellQuote.js';
import { fileOf, SENDER_FILE } from './wiring.js';
import { BOND, WORLD } from './world.js';

/** Nothing in the guest's wires holds a frame back: what comes later than this was sent later. ms */
const SETTLE_MS = 200;

/** Of the frames that prove a capture alive. */
export interface Controls {
  readonly before: number;
  readonly after: number;
  readonly fence: number;
}

export interface TrialFrames {
  readonly salt: number;
  /** Device and hex of each. */
  readonly frames: readonly { readonly device: string; readonly frame: string }[];
  /** By leg, in the order of the legs. */
  readonly controls: readonly Controls[];
  /** Script of the shell that runs in the namespace of the host before them, while the leaves are captured. */
  readonly first?: string | undefined;
}

/** Where that script is in the guest. */
const FIRST_FILE = '/run/first.sh';

const section = (name: string): string => `echo; echo "== ${name}"`;
const inside = (node: string, command: string): string => `ip netns exec ${node} ${command}`;

/** The commands for the sender: control frames on each leg around all others, which go into the bond. */
function sending({ salt, frames, controls, first }: TrialFrames): readonly string[] {
  const on = (which: readonly (keyof Controls)[]): readonly string[] => {
    const sent = WORLD.legs.flatMap(({ hostPort, hostMac, leafMac, leaf }, at) =>
      which.map((one) => {
        const frame = controlFrame({ source: hostMac, destination: leafMac, salt, id: controls[at]?.[one] ?? 0 });
        return { hostPort, leaf, hex: Buffer.from(frame).toString('hex') };
      }),
    );
    return [
      ...sent.map(({ hostPort, hex }) => `send ${hostPort} ${hex}`),
      ...sent.map(({ leaf, hex }) => `wait ${leaf}.pcap ${hex}`),
    ];
  };
  return [
    ...on(['before']),
    'time',
    ...(first === undefined ? [] : [`run ${FIRST_FILE}`]),
    ...frames.map(({ device, frame }) => `send ${device} ${frame}`),
    `settle ${SETTLE_MS}`,
    'time',
    ...on(['after', 'fence']),
  ];
}

/** What is looked up before and after: the bond's options, its ports, and all counters of frames that nobody saw. */
function facts(when: 'before' | 'after'): readonly string[] {
  const { host, legs } = WORLD;
  return [
    section(`bond ${when}`),
    `ip -n ${host.node} -j -d link show ${BOND}`,
    ...legs.flatMap(({ hostPort }) => [
      section(`port ${hostPort} ${when}`),
      `ip -n ${host.node} -j -d link show ${hostPort}`,
    ]),
    ...legs.flatMap(({ leaf }) => [section(`devices ${leaf} ${when}`), inside(leaf, 'cat /proc/net/dev')]),
    section(`softnet ${when}`),
    'cat /proc/net/softnet_stat',
  ];
}

/** Captures both leaves while the frames are sent, and prints everything that there is to know of it. */
export function trialScript(trial: TrialFrames): string {
  const { host, legs } = WORLD;
  const names = legs.map(({ leaf }) => leaf);
  return [
    'rm -rf /run/trial; mkdir /run/trial; cd /run/trial',
    ...(trial.first === undefined ? [] : [fileOf(FIRST_FILE, trial.first)]),
    ...facts('before'),
    ...legs.flatMap(({ leaf, leafPort }) => [
      `${inside(leaf, shellCommand(captureCommand(leafPort, 'in')))} > ${leaf}.pcap 2> ${leaf}.said & pid_${leaf.replace('-', '_')}=$!`,
    ]),
    `tries=0; until ${names.map((name) => `grep -q "listening on" ${name}.said`).join(' && ')}; do tries=$((tries+1)); [ $tries -lt 400 ] || break; sleep 0.05; done`,
    section('sent'),
    `${inside(host.node, `perl ${SENDER_FILE}`)} <<'END-OF-FRAMES'\n${sending(trial).join('\n')}\nEND-OF-FRAMES`,
    `echo "ended $?"`,
    ...facts('after'),
    ...names.map((name) => `kill -INT $pid_${name.replace('-', '_')}`),
    'wait',
    ...names.flatMap((name) => [
      section(`said ${name}`),
      `cat ${name}.said`,
      section(`capture ${name}`),
      `base64 ${name}.pcap`,
    ]),
    section('log'),
    // A log that cannot be read is a line in this section, as a warning is.
    `dmesg > log && [ -s log ] || echo 'the log of the kernel cannot be read'`,
    `grep -E 'WARNING:|BUG:|Oops|Call Trace|UBSAN|KASAN' log || [ $? = 1 ] || echo 'it cannot be searched'`,
    section('end'),
  ].join('\n');
}

/** The sections of a trial's output, by name. */
export function sectionsOf(output: string): ReadonlyMap<string, string> {
  const parts = output.split(/^== (.*)\n/m);
  const found = new Map<string, string>();
  for (let at = 1; at + 1 < parts.length; at += 2) found.set(parts[at] ?? '', parts[at + 1] ?? '');
  return found;
}
