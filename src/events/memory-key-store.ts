import { randomBytes } from 'node:crypto';
import { subjectErased } from './errors.js';
import type { KeyStore } from './event-log.js';

/** Keys in memory, lost with the process: for unit tests only. The real one is `postgres/key-store.ts`. */
export const createMemoryKeyStore = (newKey: () => Buffer = () => randomBytes(32)): KeyStore => {
  const keys = new Map<string, Buffer>();
  const destroyed = new Set<string>();
  const isDestroyed = (subject: string, personalClass: string): boolean =>
    destroyed.has(`${subject}/${personalClass}`) || destroyed.has(`${subject.split('.')[0] ?? ''}/${personalClass}`);
  return {
    keyForSealing: (subject, personalClass) => {
      if (isDestroyed(subject, personalClass)) return Promise.reject(subjectErased(personalClass));
      const name = `${subject}/${personalClass}`;
      const key = keys.get(name) ?? newKey();
      keys.set(name, key);
      return Promise.resolve(key);
    },
    keyForOpening: (subject, personalClass) => Promise.resolve(keys.get(`${subject}/${personalClass}`) ?? 'erased'),
    destroy: (subject, classes) => {
      let count = 0;
      for (const personalClass of classes) {
        destroyed.add(`${subject}/${personalClass}`);
        for (const name of keys.keys()) {
          const [owner, of] = name.split('/');
          if ((owner === subject || owner?.startsWith(`${subject}.`) === true) && of === personalClass) {
            keys.delete(name);
            count++;
          }
        }
      }
      return Promise.resolve(count);
    },
  };
};
