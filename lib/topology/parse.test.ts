import { test, expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { parseTopology } from './parse.js';

test('dual-leaf is what a lab needs, with everything derived', () => {
  const topology = parseTopology(readFileSync('topologies/dual-leaf.yaml', 'utf8'), 'dual-leaf.yaml');
  expect(topology.legs.map((leg) => leg.leaf)).toEqual(['leaf-a', 'leaf-b']);
});
