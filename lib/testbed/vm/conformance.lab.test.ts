import { test } from '@playwright/test';
import { conforms } from '../../conformance/testing/conforms.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';

test.skip(!ARE_ASKED, notTested('labs in guests'));
// Builds the guest the first time.
test.setTimeout(600_000);

conforms('vm');
