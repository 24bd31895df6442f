import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { topologyJsonSchema } from './schema.js';

test("the editors' schema is the one that is checked; else: node dist/lib/cli/writeTopologySchema.js", () => {
  expect(readFileSync('topologies/topology.schema.json', 'utf8')).toBe(topologyJsonSchema());
});

test('every topology names the schema in its first line', () => {
  const files = readdirSync('topologies').filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const name of files) {
    expect(readFileSync(`topologies/${name}`, 'utf8').split('\n')[0], name).toBe(
      '# yaml-language-server: $schema=./topology.schema.json',
    );
  }
});
