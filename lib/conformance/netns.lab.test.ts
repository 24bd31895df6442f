import { conforms } from './testing/conforms.js';

conforms('netns');
