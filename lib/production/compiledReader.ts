import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastMatching, MatcherModule } from '../judge/captures/fastMatching.js';
import type { FastMemory, ReaderModule } from '../judge/captures/fastRecorder.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** The reader that `assembly/` holds, compiled, and a part of a memory for one capture; threads may share both. */
export interface CompiledReader {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the part begins. */
  readonly at: number;
}

/** Readers for captures that are judged together, and what pairs their frames, in one memory. */
export interface CompiledJudge {
  readonly readers: readonly CompiledReader[];
  readonly matching: FastMatching;
}

/**
 * Memory for one judgement after the other: V8 does not know what memory of compiled code weighs, and would collect it
 * late. What an earlier judgement keeps in it (its clocks) is lost with the next one. Not where other threads read.
 */
export interface JudgeMemory {
  /** Of so many pages, all zero. */
  of(pages: number): WebAssembly.Memory;
}

export function createJudgeMemory(): JudgeMemory {
  let kept: WebAssembly.Memory | null = null;
  return {
    of(pages) {
      if (kept?.buffer.byteLength === pages * PAGE) new Uint8Array(kept.buffer).fill(0);
      else kept = newMemory(pages);
      return kept;
    },
  };
}

function newMemory(pages: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Pages of 64 KiB of a reader: a ring, a chunk and the tables of a recorder fit; and of the matcher's tables. */
const READER_PAGES = 64;
const MATCHER_PAGES = 384;
const PAGE = 0x1_0000;

const NAMES = ['reader', 'matcher'] as const;
let modules: readonly (WebAssembly.Module | null)[] | undefined;

/**
 * For so many captures, at most MOST_CAPTURES. Null where it was not built; captures are then judged without it, which
 * takes longer.
 */
export function compiledFor(captures: number, reused?: JudgeMemory): CompiledJudge | null {
  modules ??= NAMES.map(compiled);
  const [reader = null, matcher = null] = modules;
  if (reader === null || matcher === null) return null;
  // Pages that nobody writes to take no memory.
  const pages = captures * READER_PAGES + MATCHER_PAGES;
  const memory = reused?.of(pages) ?? newMemory(pages);
  return {
    readers: Array.from({ length: captures }, (_, i) => ({ module: reader, memory, at: i * READER_PAGES * PAGE })),
    matching: {
      buffer: memory.buffer,
      from: captures * READER_PAGES * PAGE,
      load: (calls) =>
        new WebAssembly.Instance(matcher, { env: { memory }, matcher: { ...calls } }).exports as MatcherModule,
    },
  };
}

/** One recorder's end of it; from the byte `from` on, its memory is free. */
export function fastMemory({ module, memory }: CompiledReader, from: number): FastMemory {
  return {
    module: new WebAssembly.Instance(module, { env: { memory } }).exports as ReaderModule,
    buffer: memory.buffer,
    from,
  };
}

function compiled(name: (typeof NAMES)[number]): WebAssembly.Module | null {
  const beside = fileURLToPath(new URL(`./${name}.wasm`, import.meta.url));
  const file = existsSync(beside) ? beside : join(PACKAGE_ROOT, `dist/lib/production/${name}.wasm`);
  return existsSync(file) ? new WebAssembly.Module(readFileSync(file)) : null;
}
