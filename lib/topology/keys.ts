import { z } from 'zod';
import type { Path } from './source.js';

/** The keys that a schema knows at a path; empty where it expects no map. */
export function keysOf(schema: z.ZodType): (path: Path) => readonly string[] {
  return (path) => {
    let at: unknown = schema;
    const unwrap = (): void => {
      while (at instanceof z.ZodOptional || at instanceof z.ZodDefault) at = at.unwrap();
    };
    for (const step of path) {
      unwrap();
      if (at instanceof z.ZodArray) at = at.element;
      else if (at instanceof z.ZodObject) at = Reflect.get(at.shape, step);
      else if (at instanceof z.ZodRecord) at = at.valueType;
    }
    unwrap();
    return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
  };
}
