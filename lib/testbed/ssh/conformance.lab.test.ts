import { test } from '@playwright/test';
import { conforms } from '../../conformance/testing/conforms.js';
import { bringUpTwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

conforms('ssh', bringUpTwoLeaves);
