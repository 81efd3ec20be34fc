import {
  createCitizenClient,
  type CitizenClient,
  type ClientFrame,
  type ClientOptions,
  type Environment,
  type ServerFrame,
} from '../../src/index.js';
import type { SocketLike, StorageLike, Surroundings } from '../../src/index.js';
import { createChance, createClock, type Clock } from './clock.js';
import { createV1Server, type V1Options, type V1Server } from './v1-server.js';

// Clients, a network that misbehaves as told, and the small v1 server, all in virtual time.

/** How the network treats one frame of a connection; delays keep the order within a connection. */
export interface Weather {
  delayMs: number;
  /** Share of durable frames and acks that arrive twice. */
  duplicates: number;
  /** New connections fail before they open. */
  blocked: boolean;
}

export interface Simulation {
  readonly clock: Clock;
  readonly server: V1Server;
  readonly weather: Weather;
  /** The surroundings of a page in this network; `tell` changes what its window says. */
  readonly page: (storage?: StorageLike) => { environment: Partial<Environment>; tell: (change: Surroundings) => void };
  readonly newClient: (
    options?: ClientOptions,
    storage?: StorageLike,
  ) => { client: CitizenClient; tell: (change: Surroundings) => void };
  /** Ends every connection; what is on its way to the server may still arrive. */
  readonly cut: (code?: number) => void;
  /** Every open connection goes silent without a close. */
  readonly silence: () => void;
  readonly requests: string[];
  readonly sockets: { readonly url: string; readonly protocols: readonly string[] | undefined }[];
  readonly answer: { session: () => Response; token: () => Response };
}

export const createStorage = (): StorageLike & { readonly values: Map<string, string> } => {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
};

interface Link {
  readonly cut: (code: number, reason?: string) => void;
  silent: boolean;
}

const chain = (clock: Clock) => {
  let last = 0;
  return (run: () => void, ms: number): void => {
    last = Math.max(last, clock.now() + ms);
    clock.set(run, last - clock.now());
  };
};

export const createSimulation = (seed = 1, serverOptions: V1Options = {}): Simulation => {
  const clock = createClock();
  const chance = createChance(seed);
  const server = createV1Server(serverOptions);
  const weather: Weather = { delayMs: 20, duplicates: 0, blocked: false };
  const links = new Set<Link>();
  const sockets: { url: string; protocols: readonly string[] | undefined }[] = [];
  const requests: string[] = [];
  const lag = (): number => Math.round(chance() * weather.delayMs);
  let ids = 0;

  const session = {
    sessionId: server.sessionId,
    websocketUrl: 'ws://office/',
    protocols: ['leoma.chat.v1'],
    token: 'token-1',
  };
  const answer = {
    session: () => Response.json({ ...session, expiresAt: clock.now() + 86_400_000 }),
    token: () => Response.json({ token: 'token-1', expiresAt: clock.now() + 86_400_000 }),
  };

  class FakeSocket implements SocketLike {
    onopen: SocketLike['onopen'] = null;
    onmessage: SocketLike['onmessage'] = null;
    onclose: SocketLike['onclose'] = null;
    onerror: SocketLike['onerror'] = null;
    readonly #up = chain(clock);
    readonly #link: Link = { silent: false, cut: (code, reason) => this.#end(code, reason) };
    readonly #attached = server.attach({
      send: (frame) => this.#deliver(frame),
      close: (code, reason) => this.#down(() => this.#end(code, reason), lag()),
    });
    readonly #down = chain(clock);
    #open = false;

    constructor(url: string, protocols?: string[]) {
      sockets.push({ url, protocols });
      links.add(this.#link);
      this.#down(() => {
        if (weather.blocked) return this.#end(1006);
        this.#open = true;
        this.onopen?.({} as never);
      }, lag());
    }
    #deliver(frame: ServerFrame): void {
      const twice = (frame.position !== undefined && frame.type !== 'welcome') || frame.type === 'ack';
      const times = twice && chance() < weather.duplicates ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        this.#down(() => {
          if (this.#open && !this.#link.silent) this.onmessage?.({ data: JSON.stringify(frame) });
        }, lag());
      }
    }
    #end(code: number, reason = ''): void {
      if (!links.delete(this.#link)) return;
      this.#attached.detach();
      this.#open = false;
      clock.set(() => this.onclose?.({ code, reason }), 0);
    }
    send(data: string): void {
      if (!this.#open || this.#link.silent) return;
      const frame = JSON.parse(data) as ClientFrame;
      // On its way already: it may reach the server after the connection has been cut.
      this.#up(() => {
        if (frame.type === 'message' || links.has(this.#link)) this.#attached.receive(frame);
      }, lag());
    }
    close(): void {
      // A dead peer answers nothing: no `onclose` here.
      links.delete(this.#link);
      this.#attached.detach();
      this.#open = false;
    }
  }

  const fetchLike = (url: string, init?: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      requests.push(`${init?.method ?? 'GET'} ${url}`);
      clock.set(() => {
        if (weather.blocked) reject(new TypeError('network'));
        else resolve(url.endsWith('/token') ? answer.token() : answer.session());
      }, lag());
    });

  const page: Simulation['page'] = (storage = createStorage()) => {
    let tell: (change: Surroundings) => void = () => undefined;
    const environment: Partial<Environment> = {
      WebSocket: FakeSocket,
      fetch: fetchLike as typeof fetch,
      storage,
      now: clock.now,
      chance,
      uuid: () => `id-${(ids += 1)}`,
      setTimer: clock.set,
      clearTimer: clock.clear,
      watch: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
    };
    return { environment, tell: (change) => tell(change) };
  };

  const newClient: Simulation['newClient'] = (options = {}, storage = createStorage()) => {
    const { environment, tell } = page(storage);
    return { client: createCitizenClient({ ...options, environment }), tell };
  };

  return {
    clock,
    server,
    weather,
    page,
    newClient,
    requests,
    sockets,
    answer,
    cut: (code = 1006) => {
      for (const link of [...links]) link.cut(code);
    },
    silence: () => {
      for (const link of links) link.silent = true;
    },
  };
};
