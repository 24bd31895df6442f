import { writeFile } from 'node:fs/promises';
import { bindingJsonSchema } from '../binding/schema.js';

// Run in the repository's root after a change of lib/binding/schema.ts.
await writeFile('topologies/bindings/binding.schema.json', bindingJsonSchema());
