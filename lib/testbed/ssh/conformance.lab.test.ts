import { test } from '@playwright/test';
import { conforms } from '../../conformance/testing/conforms.js';
import { bringUpTwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

/** What a verdict rests on most, and what must not stay behind; all of them together take some minutes. */
const ALWAYS =
  /every port has|bytes come|the clock of each|what goes into one end|a capture of one direction|can be cut and shut|is killed nothing/;

test.beforeEach(({}, { title }) => {
  test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined && !ALWAYS.test(title), 'set EVERYLEAF_SSH_RUNS=1');
});

conforms('ssh', bringUpTwoLeaves);
