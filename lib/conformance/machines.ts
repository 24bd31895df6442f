import { randomBytes } from 'node:crypto';
import { awaitPath, putFile, readFiles } from '../lab/files.js';
import { setSysctls } from '../lab/sysctl.js';
import { shellCommand } from '../shellQuote.js';
import type { Lab } from '../testbed/lab.js';
import type { Node } from '../testbed/node.js';
import { failureOf, labCheck, must, mustEqual, type Check } from './check.js';

/** More than any pipe holds. */
const MANY_BYTES = 1 << 20;

function anyNode(lab: Lab): Node {
  return lab.node(lab.topology.host.node);
}

async function bytesOf(node: Node, argv: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const parts: Buffer[] = [];
  const process = await node.spawn(argv, {
    onBytes: (chunk) => void parts.push(Buffer.from(chunk)),
    ...(input === undefined ? {} : { input }),
  });
  const end = await process.ended;
  mustEqual(end.code, 0, shellCommand(argv));
  return Buffer.concat(parts);
}

export const MACHINE_CHECKS: readonly Check[] = [
  labCheck('every port has its MAC and its role, and every link its carrier', async (lab) => {
    for (const link of lab.links)
      for (const { node, name, mac, role } of [link.a, link.b]) {
        mustEqual(role, 'test', `role of ${node.name}:${name}`);
        const { stdout } = await node.exec(['ip', '-o', 'link', 'show', 'dev', name]);
        must(
          stdout.includes(` link/ether ${mac} `),
          `${node.name}:${name} does not have the MAC ${mac}: ${stdout.trim()}`,
        );
        must(/ state UP /.test(stdout), `${node.name}:${name} has no carrier: ${stdout.trim()}`);
      }
    for (const { host, legs } of [lab.topology])
      for (const leg of legs) mustEqual(lab.port(host.node, leg.hostPort).mac, leg.hostMac, `MAC of ${leg.hostPort}`);
  }),
  labCheck('a command has its environment, its input and its end', async (lab) => {
    const node = anyNode(lab);
    const said = await node.exec(['sh', '-c', 'printf %s "$WORD"; cat; exit 7'], {
      env: { WORD: 'a "b" ' },
      input: 'c\n',
      mayFail: true,
    });
    mustEqual([said.stdout, said.code, said.signal], ['a "b" c\n', 7, null], 'what the command said');
    const absent = await node.exec(['everyleaf-no-such-program'], { mayFail: true });
    must(absent.code !== 0 && absent.stderr !== '', 'a program that is not there was started');
  }),
  labCheck('a command that fails says so in words that can be pasted', async (lab) => {
    const argv = ['sh', '-c', `echo "it's \${WORD}" >&2; exit 3`];
    const { message } = await failureOf(anyNode(lab).exec(argv, { env: { WORD: 'broken' } }), shellCommand(argv));
    must(message.includes(shellCommand(argv)), `the command is not in it as a shell reads it: ${message}`);
    for (const part of [anyNode(lab).name, 'code 3', "it's broken"])
      must(message.includes(part), `"${part}" is not in it: ${message}`);
  }),
  labCheck('a command that does not end is ended', async (lab) => {
    const argv = ['sleep', '600'];
    await failureOf(anyNode(lab).exec(argv, { timeoutMs: 200 }), 'a command beyond its time');
  }),
  labCheck('bytes come and go unchanged, few and many', async (lab) => {
    const node = anyNode(lab);
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    must((await bytesOf(node, ['cat'], all)).equals(all), 'some of 256 values were changed between stdin and stdout');
    const many = randomBytes(MANY_BYTES);
    must((await bytesOf(node, ['cat'], many)).equals(many), `some of ${MANY_BYTES} bytes were changed or lost`);
  }),
  labCheck('a process says its lines, is stopped, and tells its end', async (lab) => {
    const node = anyNode(lab);
    const told: string[] = [];
    const script = 'trap "echo over; exit 5" TERM; echo up >&2; while :; do sleep 0.05; done';
    const process = await node.spawn(['sh', '-c', script], { onLine: (line) => void told.push(line) });
    mustEqual(await process.line(/^up$/, lab.timing.command), 'up', 'its first line');
    mustEqual(process.hasEnded(), null, 'its end while it runs');
    const end = await process.stop();
    mustEqual([end.code, told], [5, ['up', 'over']], 'how it ended');
    mustEqual((await process.ended).code, 5, 'how it ended, asked again');
    mustEqual(await process.line(/^never$/, lab.timing.command), null, 'a line of one that has ended');
    const deaf = await node.spawn(['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done']);
    await deaf.line(/^up$/, lab.timing.command);
    mustEqual((await deaf.stop('SIGTERM', 200)).signal, 'SIGKILL', 'how one that ignores SIGTERM ended');
  }),
  labCheck('files and settings are as they were put', async (lab) => {
    const node = anyNode(lab);
    // Through the testbed's quick ways, where it has any, and by commands alone.
    for (const way of [node, { ...node, shortcuts: {} }]) {
      const path = `${node.scratch}/a folder/it's one`;
      await putFile(way, path, 'first\nsecond');
      mustEqual(
        await readFiles(way, [path, '/proc/sys/net/ipv4/ip_forward']),
        ['first\nsecond', '0\n'],
        'what is read',
      );
      must(await awaitPath(way, path, 1_000), 'a path that is there did not appear');
      must(!(await awaitPath(way, `${path} too`, 60)), 'a path that nobody made appeared');
      await setSysctls(way, { 'net/ipv4/ip_forward': '1' });
      mustEqual((await node.exec(['cat', '/proc/sys/net/ipv4/ip_forward'])).stdout, '1\n', 'a setting');
      await setSysctls(way, { 'net/ipv4/ip_forward': '0' });
      await node.exec(['rm', path]);
    }
  }),
  labCheck('the clock of each node is where it is said to be', async (lab) => {
    for (const { name, clock } of lab.nodes) {
      const before = BigInt(await lab.now());
      const [now, { ns, errorNs }] = [BigInt(await clock.now()), await clock.offset()];
      const after = BigInt(await lab.now());
      must(errorNs >= 0n, `the error of ${name}'s clock is negative`);
      must(
        now - ns >= before - errorNs && now - ns <= after + errorNs,
        `${name}'s clock is not ${ns} ns (error ${errorNs}) ahead of the lab's: ${now} was read between ${before} and ${after}`,
      );
    }
    // The stamp of a command's own output, made by the clock that stamps captures there.
    const node = anyNode(lab);
    const { ns, errorNs } = await node.clock.offset();
    const before = BigInt(await lab.now());
    const { stdout } = await node.exec(['date', '+%s%N']);
    const [said, after] = [BigInt(stdout.trim()) - ns, BigInt(await lab.now())];
    must(said >= before - errorNs && said <= after + errorNs, `"date" on ${node.name} is not on the clock of the lab`);
  }),
];
