import { Duplex } from 'node:stream';
import { expect, test } from '@playwright/test';
import { u16, u32, zeros } from './bytes.js';
import { connectionOf, type SwitchConnection } from './connection.js';
import { RefusedError } from './error.js';
import { hello, message, messageReader, TYPE, type Message } from './message.js';
import { addFlow, type Modification } from './modify.js';

const FLOWS = ['table=0,priority=1,arp,actions=NORMAL', 'table=0,priority=2,icmp6,actions=NORMAL'].map(addFlow);
const [FIRST] = FLOWS as [Modification];
const DATAPATH = Buffer.from('0000020000000001', 'hex');
/** The sort of a bundle message. */
const OPEN = 0;
const COMMIT = 4;
const DISCARD = 6;

interface Fake {
  readonly connection: SwitchConnection;
  readonly heard: readonly Message[];
  /** What the switch says. */
  readonly say: (bytes: Buffer) => void;
  readonly hangUp: () => void;
}

/** A switch that answers each message as told; features and barriers by itself. */
function fakeSwitch(answer: (message: Message) => Buffer | null = () => null): Fake {
  const heard: Message[] = [];
  const read = messageReader();
  // As over a wire: no answer is there at once.
  const answers = (bytes: Buffer) => void setImmediate(() => socket.push(bytes));
  const socket: Duplex = new Duplex({
    read: () => undefined,
    write(piece: Buffer, _encoding, done) {
      for (const one of read(piece)) {
        heard.push(one);
        const own = answer(one);
        if (own !== null) answers(own);
        if (one.type === TYPE.featuresRequest)
          answers(message(TYPE.featuresReply, one.xid, Buffer.concat([DATAPATH, zeros(16)])));
        if (one.type === TYPE.barrierRequest) answers(message(TYPE.barrierReply, one.xid));
      }
      done();
    },
  });
  return {
    connection: connectionOf(socket),
    heard,
    say: answers,
    hangUp: () => void socket.destroy(),
  };
}

const refusal = (xid: number, type: number, code: number) =>
  message(TYPE.error, xid, Buffer.concat([u16(type), u16(code)]));
const bundleSorts = (heard: readonly Message[]) =>
  heard.filter(({ type }) => type === TYPE.bundleControl).map(({ body }) => body.readUInt16BE(4));

test('it says hello with its one version, asks who is there, and answers echoes with what they hold', async () => {
  const { connection, heard, say } = fakeSwitch();
  say(hello(1));
  say(message(TYPE.echoRequest, 77, Buffer.from('still there?')));
  expect(await connection.datapath).toBe(DATAPATH.toString('hex'));
  expect(heard[0]).toEqual({ version: 5, type: TYPE.hello, xid: 1, body: Buffer.from('0001000800000020', 'hex') });
  expect(heard.filter(({ type }) => type === TYPE.echoReply)).toEqual([
    { version: 5, type: TYPE.echoReply, xid: 77, body: Buffer.from('still there?') },
  ]);
});

test('changes are one bundle: done when the switch has said so, each inside a message of the same number', async () => {
  const { connection, heard, say } = fakeSwitch();
  say(hello(1));
  await connection.apply(FLOWS);
  expect(bundleSorts(heard)).toEqual([OPEN, COMMIT]);
  expect(heard.at(-1)?.type).toBe(TYPE.barrierRequest);
  const added = heard.filter(({ type }) => type === TYPE.bundleAdd);
  expect(added.map(({ body }) => body.subarray(8))).toEqual(
    FLOWS.map(({ type, body }, index) => message(type, added[index]?.xid ?? 0, body)),
  );
});

test('a flow that is refused fails all of it, with its text and the reason, and nothing is committed', async () => {
  const { connection, heard, say } = fakeSwitch(({ type, xid, body }) =>
    type === TYPE.bundleAdd && body.includes(FIRST.body) ? refusal(xid, 2, 4) : null,
  );
  say(hello(1));
  const error: unknown = await connection.apply(FLOWS).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  expect(String(error)).toContain(`the switch refuses "${FIRST.words}": OFPET_BAD_ACTION, code 4`);
  expect(bundleSorts(heard)).toEqual([OPEN, DISCARD]);
});

test('one that is refused when it is to be done fails it, too, and the next try starts anew', async () => {
  let refuses = true;
  const { connection, say } = fakeSwitch(({ type, xid, body }) =>
    type === TYPE.bundleControl && body.readUInt16BE(4) === COMMIT && refuses ? refusal(xid, 17, 10) : null,
  );
  say(hello(1));
  await expect(connection.apply(FLOWS)).rejects.toThrow('"commit the bundle": OFPET_BUNDLE_FAILED, code 10');
  refuses = false;
  await connection.apply(FLOWS);
});

test('a switch that goes while it is asked is an error, and so is one that speaks only older versions', async () => {
  const gone = fakeSwitch(({ type }) => {
    if (type === TYPE.bundleControl) gone.hangUp();
    return null;
  });
  gone.say(hello(1));
  await expect(gone.connection.apply(FLOWS)).rejects.toThrow('the switch is gone: it closed the connection');
  const old = fakeSwitch();
  old.say(Buffer.concat([Buffer.from([0x04, 0]), u16(8), u32(1)]));
  expect(await old.connection.ended).toBe('it speaks OpenFlow up to version 4, and not 5');
  await expect(old.connection.apply(FLOWS)).rejects.toThrow('it speaks OpenFlow up to version 4');
  const refuses = fakeSwitch();
  refuses.say(refusal(1, 0, 0));
  expect(await refuses.connection.ended).toBe('it refuses to speak: OFPET_HELLO_FAILED, code 0');
});

test('messages are found however the stream is cut, and an impossible length ends it', () => {
  const stream = Buffer.concat([
    hello(1),
    message(TYPE.echoRequest, 2, Buffer.from('abc')),
    message(TYPE.barrierReply, 3),
  ]);
  for (let size = 1; size <= stream.length; size++) {
    const read = messageReader();
    const found: Message[] = [];
    for (let at = 0; at < stream.length; at += size) found.push(...read(stream.subarray(at, at + size)));
    expect(found.map(({ xid }) => xid)).toEqual([1, 2, 3]);
  }
  expect(() => messageReader()(Buffer.from('0502000400000001', 'hex'))).toThrow('says that it has 4 bytes');
});
