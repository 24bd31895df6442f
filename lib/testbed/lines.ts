/** Lines that a process printed before anything waited for one. */
const LINES_KEPT = 200;

/** The lines that a process has printed, and those who wait for one. */
export interface Lines {
  take(line: string): void;
  /** No more will come. */
  end(): void;
  /** The last lines. */
  said(): readonly string[];
  /** As `Process.line`. */
  line(pattern: RegExp, timeoutMs: number): Promise<string | null>;
}

export function keepLines(): Lines {
  const said: string[] = [];
  const watchers = new Set<(line: string | null) => void>();
  let isOver = false;
  return {
    said: () => said,
    take(line) {
      said.push(line);
      if (said.length > LINES_KEPT) said.shift();
      for (const watcher of watchers) watcher(line);
    },
    end() {
      isOver = true;
      for (const watcher of watchers) watcher(null);
    },
    line(pattern, timeoutMs) {
      const match = said.find((line) => pattern.test(line));
      if (match !== undefined || isOver) return Promise.resolve(match ?? null);
      return new Promise((resolve) => {
        const watcher = (line: string | null) => {
          if (line !== null && !pattern.test(line)) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(line);
        };
        const timer = setTimeout(() => watcher(null), timeoutMs);
        watchers.add(watcher);
      });
    },
  };
}
