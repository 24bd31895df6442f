/** The part of WebAssembly that is used here: neither Node's types nor ES2023 have it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    /** Without it, every object would be one. */
    private readonly kind: 'module';
  }
  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
    readonly buffer: SharedArrayBuffer;
  }
  class Instance {
    constructor(
      module: Module,
      imports: { readonly env: { readonly memory: Memory }; readonly [module: string]: object },
    );
    readonly exports: object;
  }
}
