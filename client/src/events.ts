import { request, type Endpoints } from './api.js';
import type { Environment } from './environment.js';
import { parseFrame, toFrame, type ClientFrame, type ServerFrame } from './frames.js';
import type { ClientError } from './errors.js';
import type { Session } from './machine/types.js';
import type { Connection, Listener } from './sockets.js';

// The fall-back for networks that block WebSockets: the same frames, from the server as Server-Sent Events, to the server
// with one POST each. Read with fetch, not EventSource, for the token belongs into a header and not into the address.

/** Splits a stream of text into the `data` of its events. */
export const eventParser = (onData: (data: string) => void): ((chunk: string) => void) => {
  let rest = '';
  let data: string[] = [];
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        onData(data.join('\n'));
        data = [];
      }
    }
  };
};

const closeCodeOf = (status: number): number => {
  const known: Record<number, number> = { 401: 4401, 403: 4403, 404: 4404, 429: 4429, 503: 1013 };
  return known[status] ?? 1006;
};

const errorFrame = (id: string | undefined, error: ClientError): ServerFrame => ({
  type: 'error',
  ...(id === undefined ? {} : { id }),
  data: { ...error, error: error.message },
});

/** Opens the stream on `hello`, whose token and position go into headers; `ping` is answered here when bytes came. */
export const openEvents = (env: Environment, at: Endpoints, session: Session, listener: Listener): Connection => {
  const abort = new AbortController();
  const url = at.of(session.sessionId);
  let open = true;
  let heard = true;
  let token = session.token;

  const closed = (code: number, reason = ''): void => {
    if (!open) return;
    open = false;
    abort.abort();
    listener.closed(code, reason);
  };
  const deliver = (frame: ServerFrame | null): void => {
    if (open && frame !== null) listener.frame(frame);
  };
  const refused = (status: number, error: ClientError): void => {
    if (error.retryAfterMs !== undefined) deliver(errorFrame(undefined, error));
    closed(closeCodeOf(status), error.message);
  };

  const listen = async (position: string | undefined): Promise<void> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    if (position !== undefined) headers['last-event-id'] = position;
    const response = await env.fetch(`${url}/events`, { headers, signal: abort.signal, cache: 'no-store' });
    if (!response.ok || response.body === null) {
      const seconds = Number(response.headers.get('retry-after'));
      const hint = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
      refused(response.status, { code: 'internal', message: '', retryable: true, ...hint });
      return;
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parse = eventParser((data) => deliver(parseFrame(data)));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        closed(1006);
        return;
      }
      heard = true;
      parse(decoder.decode(value, { stream: true }));
    }
  };

  const post = async (frame: ClientFrame): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await request(env, `${url}/frames`, {
      headers,
      body: JSON.stringify(frame),
      // `bye` is said while leaving; it may still arrive then.
      signal: frame.type === 'bye' ? null : abort.signal,
    });
    if (answer.ok) {
      const frames: readonly unknown[] = Array.isArray(answer.value) ? answer.value : [answer.value];
      for (const value of frames) deliver(toFrame(value));
    } else if ([0, 401, 403, 404].includes(answer.status)) refused(answer.status, answer.error);
    else deliver(errorFrame('id' in frame ? frame.id : undefined, answer.error));
  };

  const opening = env.setTimer(() => listener.opened(), 0);
  return {
    send: (frame) => {
      if (frame.type === 'hello') {
        token = frame.data.token;
        listen(frame.data.resume?.position).catch(() => closed(1006));
      } else if (frame.type !== 'ping') void post(frame);
      else if (heard) {
        heard = false;
        deliver({ type: 'pong', data: {} });
      }
    },
    close: () => {
      open = false;
      env.clearTimer(opening);
      abort.abort();
    },
  };
};
