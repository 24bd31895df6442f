import type { Duplex } from 'node:stream';
import { DURATIONS } from '../../durations.js';
import { u16, u32, zeros } from './bytes.js';
import { errorWords, RefusedError } from './error.js';
import { hello, message, messageReader, TYPE, VERSION, type Message } from './message.js';
import type { Modification } from './modify.js';

/** A switch that has connected to this controller. */
export interface SwitchConnection {
  /** Resolves when the switch has said hello and which one it is: its datapath id, in hexadecimal. */
  readonly datapath: Promise<string>;
  /** Resolves when it is over, with the reason. */
  readonly ended: Promise<string>;
  /**
   * Makes all of these changes at once, or none. Resolves when the switch has said that all is done (barrier). Throws
   * RefusedError with what it refused and why; Error where the connection ends, or no answer comes.
   */
  apply(changes: readonly Modification[]): Promise<void>;
  close(): void;
}

/** Sorts of bundle messages, and what a bundle promises. Source: OpenFlow 1.4.1, 7.3.9. */
const BUNDLE = { open: 0, commit: 4, discard: 6 } as const;
const ATOMIC_AND_ORDERED = 0b11;

interface Waiting {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** Answers that end a wait, each for the question with the same xid. */
const ANSWERS: readonly number[] = [TYPE.featuresReply, TYPE.barrierReply];

/** Of the first message; an error that answers it says that no version is spoken by both. */
const HELLO_XID = 1;

/** Speaks OpenFlow 1.4 as a controller, over a connection that the switch has made. */
export function connectionOf(socket: Duplex): SwitchConnection {
  let lastXid = HELLO_XID;
  let bundles = 0;
  const waiting = new Map<number, Waiting>();
  /** What was sent by xid, as long as a refusal of it may come. */
  const sent = new Map<number, string>();
  let refusals: string[] = [];
  const send = (type: number, body?: Buffer, words?: string): number => {
    const xid = ++lastXid;
    if (words !== undefined) sent.set(xid, words);
    socket.write(message(type, xid, body));
    return xid;
  };
  const ask = async (type: number): Promise<Buffer> => {
    const xid = lastXid + 1;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        waiting.set(xid, { resolve, reject });
        const late = () => reject(new Error(`no answer of the switch within ${DURATIONS.daemonStart} ms`));
        timer = setTimeout(late, DURATIONS.daemonStart);
        send(type);
      });
    } finally {
      clearTimeout(timer);
      waiting.delete(xid);
    }
  };
  let over: (why: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (over = resolve));
  const end = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`the switch is gone: ${why}`));
    over(why);
    socket.destroy();
  };
  let greeted: () => void = () => undefined;
  const hasGreeted = new Promise<void>((resolve) => (greeted = resolve));
  const take = ({ version, type, xid, body }: Message) => {
    // Its hello may be of a newer version: the older of both is spoken (OpenFlow 1.4.1, 6.3.1).
    if (type === TYPE.hello) {
      if (version < VERSION) end(`it speaks OpenFlow up to version ${version}, and not ${VERSION}`);
      else greeted();
    } else if (type === TYPE.echoRequest) socket.write(message(TYPE.echoReply, xid, body));
    else if (type === TYPE.error) {
      const what = sent.get(xid);
      const why = errorWords(body);
      if (what !== undefined) refusals.push(`"${what}": ${why}`);
      else if (waiting.has(xid)) waiting.get(xid)?.reject(new RefusedError(`the switch refuses to answer: ${why}`));
      else if (xid === HELLO_XID) end(`it refuses to speak: ${why}`);
    } else if (ANSWERS.includes(type)) waiting.get(xid)?.resolve(body);
  };
  const read = messageReader();
  socket.on('data', (piece: Buffer) => {
    try {
      read(piece).forEach(take);
    } catch (error) {
      end(String(error));
    }
  });
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end('it closed the connection'));
  socket.write(hello(HELLO_XID));
  const datapath = Promise.race([
    hasGreeted.then(() => ask(TYPE.featuresRequest)).then((features) => features.subarray(0, 8).toString('hex')),
    ended.then((why) => Promise.reject(new Error(`the switch is gone: ${why}`))),
  ]);
  // Who does not wait for it hears of `ended`.
  datapath.catch(() => undefined);
  const inBundle = (id: number, type: number): Buffer => Buffer.concat([u32(id), u16(type), u16(ATOMIC_AND_ORDERED)]);
  /** All that was sent has been done, or refused. */
  const settle = async (): Promise<void> => {
    await ask(TYPE.barrierRequest);
    if (refusals.length > 0) throw new RefusedError(`the switch refuses ${refusals.join('; ')}`);
  };
  return {
    datapath,
    ended,
    async apply(changes) {
      await datapath;
      const bundle = ++bundles;
      sent.clear();
      refusals = [];
      send(TYPE.bundleControl, inBundle(bundle, BUNDLE.open), 'open a bundle');
      for (const { type, body, words } of changes) {
        // The message inside has the xid of the one around it (OpenFlow 1.4.1, 7.3.9.6).
        const inner = message(type, lastXid + 1, body);
        send(TYPE.bundleAdd, Buffer.concat([u32(bundle), zeros(2), u16(ATOMIC_AND_ORDERED), inner]), words);
      }
      try {
        await settle();
      } catch (error) {
        // What it took of the bundle must not be done without what it refused.
        if (error instanceof RefusedError) send(TYPE.bundleControl, inBundle(bundle, BUNDLE.discard));
        throw error;
      }
      send(TYPE.bundleControl, inBundle(bundle, BUNDLE.commit), 'commit the bundle');
      await settle();
    },
    close: () => end('this controller ends'),
  };
}
