/** The contents of the client's packets; both ends run in nodes of the lab, started from here. */
export interface StreamPacket {
  /** Index in the order of the client's streams. */
  readonly stream: number;
  readonly flow: number;
  /** Counts from 0 in its stream; FENCE after the last one of its flow. */
  readonly sequence: number;
}

export const STREAM_PORT = 7_000;
export const FENCE = 0xffff_ffff;
/** "evly": no other packets are counted. */
const MAGIC = 0x65766c79;
const LENGTH = 12;

export function writePacket({ stream, flow, sequence }: StreamPacket): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt16BE(stream, 4);
  bytes.writeUInt16BE(flow, 6);
  bytes.writeUInt32BE(sequence, 8);
  return bytes;
}

/** null for anything that the client did not send. */
export function readPacket(bytes: Buffer): StreamPacket | null {
  if (bytes.length !== LENGTH || bytes.readUInt32BE(0) !== MAGIC) return null;
  return { stream: bytes.readUInt16BE(4), flow: bytes.readUInt16BE(6), sequence: bytes.readUInt32BE(8) };
}

/** The client's one argument. */
export interface ClientTask {
  /** Destination of each stream. */
  readonly targets: readonly string[];
  readonly flows: number;
  /** Packets per second of each stream. */
  readonly rate: number;
}

/** The client's last line. */
export interface ClientRecord {
  /** ns since the epoch, decimal. */
  readonly startNs: string;
  /** Microseconds after the start at which each packet of each stream was sent. */
  readonly sentUs: readonly (readonly number[])[];
}

/** The server's last line: sequence numbers of each stream, in order of arrival. */
export type ServerRecord = Readonly<Record<string, readonly number[]>>;
