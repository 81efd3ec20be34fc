import WebSocket from 'ws';
import { now, type Absence, type Citizen, type Said } from './citizen.js';

/** What the peers send to a citizen. */
export interface PeerFrame {
  readonly id: string;
  readonly inReplyTo?: string;
  readonly ack?: string;
}

/**
 * A citizen at a bare `ws` server: it reconnects, and keeps what is said while there is no open socket until there is one.
 * That is what most home-made chats do; nothing tells it what was lost on the way.
 */
export const createWsCitizen = (name: string, url: string): Citizen => {
  const said: Said[] = [];
  const byId = new Map<string, Said>();
  const heard: string[] = [];
  const absences: Absence[] = [];
  let unsent: string[] = [];
  let socket: WebSocket | null = null;
  let [isSilent, isOver] = [false, false];
  let [cuts, lastHeardAt, offlineMs] = [0, 0, 0];
  let lost: { readonly at: number; readonly code: number } | null = null;
  let onOpen = (): void => undefined;

  const isOpen = (): boolean => socket?.readyState === WebSocket.OPEN;
  const send = (text: string): void => {
    if (!isOpen()) unsent.push(text);
    else if (!isSilent) socket?.send(text, () => undefined);
  };
  const onFrame = (frame: PeerFrame): void => {
    const at = now();
    const acknowledged = byId.get(frame.ack ?? '');
    if (acknowledged !== undefined) {
      acknowledged.acknowledgedAt ??= at;
      return;
    }
    lastHeardAt = at;
    heard.push(frame.id);
    const answered = byId.get(frame.inReplyTo ?? '');
    if (answered !== undefined) answered.answeredAt ??= at;
  };
  const open = (): void => {
    if (isOver) return;
    const opened = new WebSocket(`${url}/?citizen=${name}`, { perMessageDeflate: false });
    socket = opened;
    opened.on('open', () => {
      if (lost !== null) absences.push({ announcedAt: null, lostAt: lost.at, backAt: now(), code: lost.code });
      lost = null;
      const waiting = unsent;
      unsent = [];
      for (const text of waiting) send(text);
      onOpen();
    });
    opened.on('message', (raw: Buffer) => {
      if (!isSilent) onFrame(JSON.parse(raw.toString('utf8')) as PeerFrame);
    });
    opened.on('error', () => undefined);
    opened.on('close', (code) => {
      lost ??= { at: now(), code };
      isSilent = false;
      setTimeout(open, offlineMs > 0 ? offlineMs : 500);
      offlineMs = 0;
    });
  };
  return {
    name,
    connect: () =>
      new Promise((resolve) => {
        onOpen = resolve;
        open();
      }),
    say: (id, text, due) => {
      const message: Said = { id, due, late: now() - due };
      said.push(message);
      byId.set(id, message);
      send(JSON.stringify({ id, text }));
    },
    cut: (cut) => {
      if (!isOpen() || isSilent) return;
      cuts += 1;
      [isSilent, offlineMs] = [true, cut.offlineMs];
      const cutOff = socket;
      setTimeout(() => cutOff?.terminate(), cut.silentMs);
    },
    isSettled: isOpen,
    lastHeardAt: () => lastHeardAt,
    record: () => ({ name, said, heard, absences, cuts, errors: [] }),
    close: () => {
      isOver = true;
      socket?.terminate();
    },
  };
};
