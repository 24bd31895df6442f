import { writeFile } from 'node:fs/promises';
import { topologyJsonSchema } from '../topology/schema.js';

// Run in the repository's root after a change of lib/topology/schema.ts.
await writeFile('topologies/topology.schema.json', topologyJsonSchema());
