// Of the Next server only: a static export has no route handlers, and its pages ask the chat server themselves.

export const dynamic = 'force-dynamic';

const PATIENCE_MS = 10_000;

/** Makes a session at the chat server and gives its answer, errors included, to the browser (docs/nextjs.md, section 2). */
export const POST = async (request: Request): Promise<Response> => {
  // A page of another site could use up the sessions of its visitor's address; browsers say where a request comes from.
  if (request.headers.get('sec-fetch-site') === 'cross-site') {
    const error = 'This page may not connect here.';
    return Response.json({ code: 'origin_rejected', error, retryable: false }, { status: 403 });
  }
  const url = new URL('/api/agent/session', process.env.BACKEND_URL ?? 'http://127.0.0.1:3000');
  const headers = new Headers({ 'content-type': 'application/json' });
  // So that the limit of sessions per address counts the citizen, not this server (TRUST_PROXY).
  const forwarded = request.headers.get('x-forwarded-for');
  if (forwarded !== null) headers.set('x-forwarded-for', forwarded);
  try {
    const body = (await request.text()) || '{}';
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, cache: 'no-store' });
    const passedOn = new Headers({ 'cache-control': 'no-store' });
    for (const name of ['content-type', 'retry-after']) {
      const value = answer.headers.get(name);
      if (value !== null) passedOn.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers: passedOn });
  } catch {
    const error = 'The office cannot be reached just now.';
    return Response.json({ code: 'network', error, retryable: true }, { status: 502 });
  }
};
