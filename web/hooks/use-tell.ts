'use client';

import { useCallback } from 'react';
import { change, type TrayChange } from '../lib/tray-change';
import type { FileTray } from './use-file-tray';

/** Tells the tray what happens to its files. Loaded with the first of them; stays the same function. */
export const useTell = ({ put }: FileTray): ((told: TrayChange) => void) =>
  useCallback((told) => put((tray) => change(tray, told)), [put]);
