import { expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { AllureError, withoutNetwork, writeAllurePage } from './allure.js';

test('no results is an error, not an empty page', async ({}, testInfo) => {
  const folder = testInfo.outputPath('allure-results');
  mkdirSync(folder);
  await expect(writeAllurePage(folder, testInfo.outputPath('allure.html'), 'x')).rejects.toThrow(AllureError);
  await expect(writeAllurePage(testInfo.outputPath('absent'), testInfo.outputPath('allure.html'), 'x')).rejects.toThrow(
    'cannot be read',
  );
});

test('remote scripts and analytics go, the rest stays', () => {
  const html = `<head><script async src="https://stats.example/gtag/js?id=1"></script><script>\nfunction gtag(){dataLayer.push(arguments);}\ngtag('js');</script><script src="data:text/javascript;base64,AA=="></script></head><script>keep()</script>`;
  const clean = withoutNetwork(html);
  expect(clean).not.toContain('stats.example');
  expect(clean).not.toContain('gtag');
  expect(clean).toContain('<script src="data:text/javascript;base64,AA==">');
  expect(clean).toContain('<script>keep()</script>');
  expect(clean).toContain('Content-Security-Policy');
});
