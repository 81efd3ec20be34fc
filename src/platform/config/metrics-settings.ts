import { optionalWholeNumber, secretText, text } from './setting.js';

/** Where Prometheus may ask for figures. Both ways are off until they are set. */
export const metricsSettings = {
  metricsPort: optionalWholeNumber({
    env: 'METRICS_PORT',
    min: 0,
    max: 65_535,
    unit: 'TCP port',
    description: 'Port of its own on which GET /metrics answers; 0 takes a free one. Unset: no such port.',
  }),
  metricsHost: text({
    env: 'METRICS_HOST',
    default: '127.0.0.1',
    unit: 'address',
    description: 'Address on which METRICS_PORT listens.',
  }),
  metricsToken: secretText({
    env: 'METRICS_TOKEN',
    pattern: /^[\x21-\x7e]{16,}$/,
    message: 'must be at least 16 printable characters without spaces; make one with: openssl rand -base64 24',
    description:
      'Bearer token of GET /metrics, at least 16 printable characters without spaces. When it is set, the public port answers /metrics too, and METRICS_PORT demands it as well.',
  }),
};
