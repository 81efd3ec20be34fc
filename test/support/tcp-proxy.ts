import net from 'node:net';

/** A network before a server, that can be made bad. */
export interface TcpProxy {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /**
   * For what comes from now on.
   * - `pass`: a good network. `refuse`: none at all; what is open ends.
   * - `no upgrades`: a proxy that answers WebSocket handshakes with 403.
   * - `lose answers`: what the client says arrives, and with the server's next answer the connection is gone.
   */
  mode: 'pass' | 'refuse' | 'no upgrades' | 'lose answers';
  /** Ends every connection without a word. */
  cut(): void;
  /** WebSocket handshakes that were answered with 403. */
  readonly refusedUpgrades: number;
  /** Answers that were lost. */
  readonly lostAnswers: number;
  close(): Promise<void>;
}

const isUpgrade = (head: Buffer): boolean =>
  /^upgrade: *websocket/im.test(head.toString('latin1').split('\r\n\r\n')[0]!);

/** @param target TCP port of the server on 127.0.0.1, or the path of its Unix socket; asked for at each connection */
export const startTcpProxy = async (target: () => number | string): Promise<TcpProxy> => {
  const sockets = new Set<net.Socket>();
  let mode: TcpProxy['mode'] = 'pass';
  let refusedUpgrades = 0;
  let lostAnswers = 0;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const join = (client: net.Socket, head: Buffer): void => {
    const place = target();
    const server = typeof place === 'string' ? net.connect(place) : net.connect(place, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    server.write(head);
    client.pipe(server);
    server.on('data', (data) => {
      if (mode !== 'lose answers') {
        client.write(data);
        return;
      }
      lostAnswers += 1;
      client.destroy();
    });
  };
  const listener = net.createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'refuse') {
      client.destroy();
      return;
    }
    client.once('data', (head: Buffer) => {
      if (mode !== 'no upgrades' || !isUpgrade(head)) {
        join(client, head);
        return;
      }
      refusedUpgrades += 1;
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next === 'refuse') cut();
    },
    cut,
    get refusedUpgrades() {
      return refusedUpgrades;
    },
    get lostAnswers() {
      return lostAnswers;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
};
