import type { Nanoseconds } from '../evidence/types.js';
import type { FrameBytes } from '../wire/frame.js';
import type { Lack, Offer } from './capability.js';
import type { Change } from './change.js';
import type { Node } from './node.js';

/**
 * Sends frames out of a port, one after another, at most `rate` a second; returns when each was handed to the kernel.
 */
export type Inject = (frames: readonly FrameBytes[], rate?: number) => Promise<readonly Nanoseconds[]>;

/** What the counters of losses of a vantage counted while a capture was open. */
export interface LossCount {
  /** At least so many frames; null where it is not known. */
  readonly frames: number | null;
  /** Why it is not known; null where it is. */
  readonly unread: Lack | null;
}

/** What the capturing program and the kernel counted while a capture was open; null = unknown. */
export interface CaptureCounters {
  readonly receivedByFilter: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  readonly portDrops: number | null;
  /** Absent where the place of the capture has no counters of its own. */
  readonly lost?: LossCount;
}

export interface TapOptions {
  /** `in`: what the port receives. `out`: what it sends. */
  readonly direction: 'in' | 'out';
  /** The salt of the tokens to look for. */
  readonly salt: number;
  readonly sink: CaptureSink;
}

/** Takes a capture file as it grows. */
export interface CaptureSink {
  /** The bytes are lent for the time of the call. */
  write(chunk: Uint8Array): void;
  /** Once, when the capture has ended, for whatever reason. */
  end(): void;
}

/** A capture that runs. */
export interface LiveTap {
  readonly command: readonly string[];
  /** The capturing program's message that it listens; null when it never came. */
  readonly ready: string | null;
  /** Whether a frame with this token is captured within the time. */
  seen(token: number, timeoutMs: number): Promise<boolean>;
  /** The tokens of which no frame is captured within the time; resolves as soon as all are captured. */
  missing(tokens: readonly number[], timeoutMs: number): Promise<readonly number[]>;
  /** Resolves when the sink has had the last byte. */
  stop(): Promise<CaptureCounters>;
}

/** Where a port can be captured. */
export interface TapSource {
  /** Starts a capture and waits until it says that it listens. */
  open(options: TapOptions): Promise<LiveTap>;
}

/** A port for tests. */
export interface TestPort {
  readonly role: 'test';
  readonly node: Node;
  readonly name: string;
  readonly mac: string;
  readonly inject: Offer<Inject>;
  readonly tap: Offer<TapSource>;
}

/** A port over which the node itself is reached: never used to send, capture or cut. */
export interface ManagementPort {
  readonly role: 'management';
  readonly node: Node;
  readonly name: string;
  readonly mac: string;
}

export type Port = TestPort | ManagementPort;

/** A rule that drops frames on a wire. */
export interface WireRule {
  /** Name of the fault. */
  readonly verb: string;
  /** What a person would call it: "frames are lost at random". */
  readonly title: string;
  readonly directions: readonly ('to-leaf' | 'to-host')[];
  /** An nft statement that ends with `drop`. */
  readonly statement: string;
  /** Each frame that it is about is dropped; else some are. */
  readonly isWhole: boolean;
}

/** What is between two ports. Both are for tests, so that no link that carries our own commands can be cut. */
export interface Link {
  /** The leg's name, or that of the VM, leaf or client whose link it is. */
  readonly name: string;
  /** The host's end of a leg and of a VM's link. */
  readonly a: TestPort;
  readonly b: TestPort;
  /** The cable is out: both ends are without carrier. */
  readonly cut: Offer<() => Change>;
  /** One end is shut by its machine; the other end is without carrier. */
  readonly shut: Offer<(end: 'a' | 'b') => Change>;
  /** How frames are dropped on a leg whose ends belong to others; absent where rules are set on the nodes themselves. */
  readonly drops?: (rule: WireRule) => Offer<Change>;
}
