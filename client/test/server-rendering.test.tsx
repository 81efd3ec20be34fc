import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChatInterface } from '../src/react/index.js';

test('a process without window, document or storage renders the chat', () => {
  expect(typeof window).toBe('undefined');
  const html = renderToString(<ChatInterface />);
  expect(html).toContain('<textarea');
  expect(html).toContain('role="log"');
});
