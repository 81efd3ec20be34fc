'use client';

import { useEffect, useRef } from 'react';
import type { ChatMessage } from '@citizen-interface/client';
import { showNews } from '../lib/news-title';

/** While the page is not looked at, its title counts what the office has said since. */
export const useNewsInTitle = (messages: readonly ChatMessage[]): void => {
  const heard = messages.filter(({ role }) => role !== 'citizen').length;
  const seen = useRef(0);
  useEffect(() => {
    const tell = (): void => {
      if (!document.hidden) seen.current = heard;
      showNews(heard - seen.current);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [heard]);
};
