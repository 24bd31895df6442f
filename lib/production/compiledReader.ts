import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastMemory, ReaderModule } from '../judge/captures/fastRecorder.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** The reader that `assembly/` holds, compiled, and a memory for one capture; threads may share both. */
export interface CompiledReader {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/**
 * Pages of 64 KiB: a ring, a chunk and the tables of a recorder fit. lib/bootstrap/compileReader.mjs compiles for as
 * many.
 */
export const READER_PAGES = 64;

let module: WebAssembly.Module | null | undefined;

/** Null where it was not built; captures are then read without it, which takes longer. */
export function newCompiledReader(): CompiledReader | null {
  module ??= compiled();
  if (module === null) return null;
  return { module, memory: new WebAssembly.Memory({ initial: READER_PAGES, maximum: READER_PAGES, shared: true }) };
}

/** One recorder's end of it; from the byte `from` on, its memory is free. */
export function fastMemory({ module, memory }: CompiledReader, from: number): FastMemory {
  return {
    module: new WebAssembly.Instance(module, { env: { memory } }).exports as ReaderModule,
    buffer: memory.buffer,
    from,
  };
}

function compiled(): WebAssembly.Module | null {
  const beside = fileURLToPath(new URL('./reader.wasm', import.meta.url));
  const file = existsSync(beside) ? beside : join(PACKAGE_ROOT, 'dist/lib/production/reader.wasm');
  return existsSync(file) ? new WebAssembly.Module(readFileSync(file)) : null;
}
