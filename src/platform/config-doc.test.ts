import { expect, it } from 'vitest';
import { renderConfigurationDoc, renderEnvExample } from './config-doc.js';
import { loadConfig } from './config.js';

it('docs/configuration.md says what the settings are (vitest -u brings it up to date)', async () => {
  await expect(renderConfigurationDoc()).toMatchFileSnapshot('../../docs/configuration.md');
});

it('.env.example lists the settings at their defaults (vitest -u brings it up to date)', async () => {
  await expect(renderEnvExample()).toMatchFileSnapshot('../../.env.example');
});

it('the values in .env.example give the same configuration as no values at all', () => {
  const lines = renderEnvExample().matchAll(/^#([A-Z0-9_]+)="?([^"\n]*)"?$/gm);
  expect(loadConfig(Object.fromEntries([...lines].map(([, name, value]) => [name!, value])))).toEqual(loadConfig({}));
});
