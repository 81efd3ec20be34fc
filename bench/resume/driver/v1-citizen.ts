import WebSocket from 'ws';
import { now, type Absence, type Citizen, type Said } from './citizen.js';

// A light client of `leoma.chat.v1`, so that one process can be a thousand citizens. It does what PROTOCOL.md asks of a client:
// one message at a time until its `ack`, the same id again after a loss, `resume` at the last position.

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly position?: string;
  readonly prev?: string | null;
  readonly data: {
    readonly code?: string;
    readonly retryAfterMs?: number;
    readonly reconnectAfterMs?: number;
    readonly inReplyTo?: string;
    readonly recovered?: boolean;
  };
}

export interface V1CitizenOptions {
  /** Origins (`http://127.0.0.1:3000`) of the processes that serve; the next one is tried when one does not answer. */
  readonly bases: readonly string[];
  readonly firstBase: number;
  readonly chance: () => number;
  /** Every message is answered by the assistant: settled means answered. */
  readonly expectsAnswers: boolean;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const RETRY_MS = 250;
/** A message without `ack` for so long: the socket is dead. */
const ACK_PATIENCE_MS = 10_000;

export const openSession = async (base: string): Promise<{ readonly sessionId: string; readonly token: string }> => {
  const response = await fetch(`${base}/api/agent/session`, { method: 'POST' });
  if (response.status !== 201) throw new Error(`POST /api/agent/session answered ${response.status}`);
  return (await response.json()) as { sessionId: string; token: string };
};

export const socketUrl = (base: string): string => `${base.replace(/^http/, 'ws')}/ws`;

/** Opens a session of its own, and gives the citizen, not connected yet. */
export const createV1Citizen = async (options: V1CitizenOptions): Promise<Citizen> => {
  const { bases, chance } = options;
  const baseOf = (at: number): string => bases[at % bases.length] ?? '';
  const session = await openSession(baseOf(options.firstBase));
  const said: Said[] = [];
  const byId = new Map<string, Said>();
  const outbox: { readonly id: string; readonly text: string }[] = [];
  const heard: string[] = [];
  const absences: Absence[] = [];
  const errors: string[] = [];
  let baseAt = options.firstBase;
  let socket: WebSocket | null = null;
  let isLive = false;
  let isSilent = false;
  let isOver = false;
  let position: string | null = null;
  let waitingFor: string | null = null;
  let patience: NodeJS.Timeout | undefined;
  let [cuts, tries, lastHeardAt, unanswered] = [0, 0, 0, 0];
  let offlineMs = 0;
  let lost: { readonly at: number; readonly code: number } | null = null;
  let announced: { readonly at: number; readonly afterMs: number } | null = null;
  let onLive = (): void => undefined;

  const send = (frame: object): void => {
    if (!isSilent) socket?.send(JSON.stringify(frame), () => undefined);
  };
  const sendNext = (): void => {
    const next = outbox[0];
    if (!isLive || waitingFor !== null || next === undefined) return;
    waitingFor = next.id;
    clearTimeout(patience);
    patience = setTimeout(() => socket?.terminate(), ACK_PATIENCE_MS);
    send({ type: 'message', id: next.id, data: { message: next.text } });
  };
  const forget = (id: string): void => {
    if (waitingFor !== id) return;
    clearTimeout(patience);
    waitingFor = null;
    outbox.shift();
    sendNext();
  };

  const onWelcome = (frame: Frame): void => {
    if (frame.data.recovered === false) {
      errors.push('rebuilt');
      position = null;
    }
    if (lost !== null)
      absences.push({ announcedAt: announced?.at ?? null, lostAt: lost.at, backAt: now(), code: lost.code });
    [lost, announced, tries, isLive] = [null, null, 0, true];
    onLive();
    sendNext();
  };
  const onDurable = (frame: Frame): void => {
    lastHeardAt = now();
    if (frame.prev !== position && !heard.includes(frame.id ?? '')) errors.push('gap');
    heard.push(frame.id ?? '');
    position = frame.position ?? position;
    const answered = byId.get(frame.data.inReplyTo ?? '');
    if (answered === undefined || answered.answeredAt !== undefined) return;
    answered.answeredAt = lastHeardAt;
    unanswered -= 1;
  };
  const onError = (frame: Frame): void => {
    const { code = 'unknown', retryAfterMs = RETRY_MS } = frame.data;
    errors.push(code);
    if (frame.id === undefined || frame.id !== waitingFor) return;
    setTimeout(() => {
      waitingFor = null;
      sendNext();
    }, retryAfterMs);
  };
  const onFrame = (frame: Frame): void => {
    switch (frame.type) {
      case 'welcome':
        onWelcome(frame);
        return;
      case 'message':
      case 'status':
        onDurable(frame);
        return;
      case 'ack': {
        const message = byId.get(frame.id ?? '');
        if (message !== undefined) message.acknowledgedAt ??= now();
        forget(frame.id ?? '');
        return;
      }
      case 'error':
        onError(frame);
        return;
      case 'drain':
        announced = { at: now(), afterMs: frame.data.reconnectAfterMs ?? 0 };
        return;
      default:
        return;
    }
  };

  const nextWait = (): number => {
    if (offlineMs > 0) return offlineMs;
    if (announced !== null && tries === 0) return announced.afterMs;
    // Full jitter, as `welcome.reconnect` says; the cap is lower than the server's, so that short runs end.
    return chance() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
  };
  const onClose = (code: number): void => {
    clearTimeout(patience);
    lost ??= { at: now(), code };
    [isLive, isSilent, waitingFor, socket] = [false, false, null, null];
    if (isOver) return;
    const wait = nextWait();
    offlineMs = 0;
    tries += 1;
    setTimeout(open, wait);
  };
  const open = (): void => {
    if (isOver) return;
    const opened = new WebSocket(socketUrl(baseOf(baseAt)), ['leoma.chat.v1'], { perMessageDeflate: false });
    baseAt += 1; // Another process the next time: whichever it is, the conversation goes on.
    socket = opened;
    opened.on('open', () =>
      send({ type: 'hello', data: { token: session.token, resume: position === null ? null : { position } } }),
    );
    opened.on('message', (raw: Buffer) => {
      if (!isSilent) onFrame(JSON.parse(raw.toString('utf8')) as Frame);
    });
    opened.on('error', () => undefined);
    opened.on('close', onClose);
  };

  return {
    name: session.sessionId,
    connect: () =>
      new Promise((resolve) => {
        onLive = resolve;
        open();
      }),
    say: (id, text, due) => {
      const message: Said = { id, due, late: now() - due };
      said.push(message);
      byId.set(id, message);
      outbox.push({ id, text });
      unanswered += 1;
      sendNext();
    },
    cut: (cut) => {
      if (!isLive || isSilent) return;
      cuts += 1;
      [isSilent, offlineMs] = [true, cut.offlineMs];
      const cutOff = socket;
      setTimeout(() => cutOff?.terminate(), cut.silentMs);
    },
    isSettled: () => isLive && outbox.length === 0 && (!options.expectsAnswers || unanswered === 0),
    lastHeardAt: () => lastHeardAt,
    record: () => ({ name: session.sessionId, said, heard, absences, cuts, errors }),
    close: () => {
      isOver = true;
      socket?.terminate();
    },
  };
};
