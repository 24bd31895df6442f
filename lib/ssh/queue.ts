/** Lets so many pieces of work be under way at a time; the others wait in the order in which they came. */
export interface Queue {
  /** Resolves with the function that gives the place back. */
  enter(): Promise<() => void>;
  /** How many are under way. */
  busy(): number;
  /** No more than are under way now may be from here on, without the one that asks. */
  shrink(): void;
}

export function createQueue(places: number): Queue {
  let limit = places;
  let busy = 0;
  const waiting: (() => void)[] = [];
  const admit = (): void => {
    while (busy < limit && waiting.length > 0) {
      busy++;
      waiting.shift()?.();
    }
  };
  return {
    busy: () => busy,
    shrink() {
      limit = Math.max(1, busy - 1);
    },
    async enter() {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      let left = false;
      return () => {
        if (left) return;
        left = true;
        busy--;
        admit();
      };
    },
  };
}
