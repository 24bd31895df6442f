import { test } from '@playwright/test';
import { conforms } from '../../conformance/testing/conforms.js';

test.skip(
  process.env['EVERYLEAF_VM'] !== '1',
  'NOT TESTED: labs in guests. Set EVERYLEAF_VM=1: the first time it fetches some 300 MB and takes minutes',
);
// Builds the guest the first time.
test.setTimeout(600_000);

conforms('vm');
