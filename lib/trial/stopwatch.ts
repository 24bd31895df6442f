/** Where the time of an experiment goes. */
export interface Stopwatch {
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds per phase, in the order in which phases ended; repeated names are summed. */
  phases(): readonly { readonly name: string; readonly ms: number }[];
}

export function startStopwatch(): Stopwatch {
  const spent = new Map<string, number>();
  return {
    async time(name, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        spent.set(name, (spent.get(name) ?? 0) + performance.now() - start);
      }
    },
    phases: () => [...spent].map(([name, ms]) => ({ name, ms: Math.round(ms * 10) / 10 })),
  };
}
