import { createServer, connect, type Server, type Socket } from 'node:net';

/** The cable between clients and the double: it can be cut, or go dead without anybody being told. */
export interface Wire {
  readonly port: number;
  /** Breaks all connections and takes no new ones. */
  cut(): Promise<void>;
  /** Takes connections again, at the same port. */
  mend(): Promise<void>;
  /** Nothing passes any more, and nothing breaks, until `thaw`: a stopped process, a pulled plug. */
  freeze(): void;
  thaw(): void;
  /** Breaks all connections once. */
  shake(): void;
}

export const createWire = async (targetPort: () => number): Promise<Wire> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let server: Server | undefined;
  const shake = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  const hold = (pair: readonly [Socket, Socket]): void => {
    for (const socket of pair) socket.pause();
  };
  const accept = (near: Socket): void => {
    const far = connect(targetPort(), '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const [from, to] of [pair, [far, near]] as const) {
      from.setNoDelay(true);
      from.on('data', (bytes) => void to.write(bytes));
      from.on('error', end);
      from.on('close', end);
    }
    if (frozen) hold(pair);
  };
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const listening = createServer(accept);
      server = listening;
      listening.once('error', reject);
      listening.listen(port, '127.0.0.1', () => {
        const address = listening.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  const port = await listen(0);
  return {
    port,
    shake,
    cut: async () => {
      const closing = server;
      server = undefined;
      shake();
      if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
    },
    mend: async () => {
      if (server === undefined) await listen(port);
    },
    freeze: () => {
      frozen = true;
      for (const pair of pairs) hold(pair);
    },
    thaw: () => {
      frozen = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
  };
};
