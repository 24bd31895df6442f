import { expect, test } from '@playwright/test';
import type { Node } from '../testbed/node.js';
import { cpuWaitIn, handlerWaits } from './cpuWait.js';

test('the time that a thread waited for a CPU is the second figure', () => {
  expect(cpuWaitIn('4991670 4045886 3\n')).toBe(4_045_886);
  expect(cpuWaitIn('')).toBeNull();
  expect(cpuWaitIn('0 0')).toBeNull();
});

test('what the threads that forward first frames waited is added up, and they are looked for once per daemon', async () => {
  const files: Record<string, string> = {
    '/pid': '7\n',
    '/proc/7/task/8/schedstat': '1 20 3\n',
    '/proc/7/task/9/schedstat': '1 300 3\n',
    '/proc/12/task/13/schedstat': '1 4 3\n',
  };
  const handlers: Record<string, string> = { '7': '/proc/7/task/8/comm\n/proc/7/task/9/comm\n', '12': '' };
  let searches = 0;
  const node = {
    name: 'host',
    shortcuts: {
      read: (paths: readonly string[]) =>
        paths.every((path) => path in files)
          ? Promise.resolve(paths.map((path) => files[path]))
          : Promise.reject(new Error('there is no such file')),
    },
    exec: (argv: readonly string[]) => {
      searches++;
      return Promise.resolve({ code: 0, stdout: handlers[argv.at(-1) ?? ''] ?? '', stderr: '' });
    },
  } as unknown as Node;
  const read = handlerWaits({ node, pidFile: '/pid' });
  expect([await read(), await read(), searches]).toEqual([320, 320, 1]);
  // Restarted: it has no such thread yet, then one.
  files['/pid'] = '12\n';
  expect(await read()).toBeNull();
  handlers['12'] = '/proc/12/task/13/comm\n';
  expect([await read(), searches]).toEqual([4, 3]);
  delete files['/pid'];
  expect(await read()).toBeNull();
});
