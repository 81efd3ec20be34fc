import { secretText } from './setting.js';

/** The office's own endpoints. Off until they are set. */
export const adminSettings = {
  adminToken: secretText({
    env: 'ADMIN_TOKEN',
    pattern: /^[\x21-\x7e]{16,}$/,
    message: 'must be at least 16 printable characters without spaces; make one with: openssl rand -base64 24',
    description: 'Bearer token of /api/admin/…. Unset: there is nothing at these addresses.',
  }),
};
