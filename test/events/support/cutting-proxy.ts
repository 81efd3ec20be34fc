import net from 'node:net';

/** A TCP server before the PostgreSQL of the tests, which can lose what the server answers. */
export interface CuttingProxy {
  /** `postgres://` address through the proxy. */
  readonly url: string;
  /** From now on: `pass`, lose the connection when the server answers, or refuse connections and end those there are. */
  mode: 'pass' | 'cut answers' | 'refuse';
  close(): Promise<void>;
}

/** @param databaseUrl address whose `host` and `port` parameters name a Unix socket, or a TCP address */
export async function cuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = targetOf(databaseUrl);
  const sockets = new Set<net.Socket>();
  let mode: CuttingProxy['mode'] = 'pass';
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = net.createServer((client) => {
    if (mode === 'refuse') {
      client.destroy();
      return;
    }
    const database = net.connect(target);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database);
    database.on('data', (data) => {
      if (mode === 'pass') client.write(data);
      else client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: databaseUrl.replace(/@[^/]*\//, `@127.0.0.1:${port}/`).replace(/\?.*$/, ''),
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next === 'refuse') endAll();
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function targetOf(databaseUrl: string): net.NetConnectOpts {
  const parameters = new URLSearchParams(databaseUrl.split('?')[1] ?? '');
  const folder = parameters.get('host');
  const port = parameters.get('port') ?? '5432';
  if (folder !== null) return { path: `${folder}/.s.PGSQL.${port}` };
  const [, host = '127.0.0.1', tcpPort = '5432'] = /@([^:/]+):?(\d+)?\//.exec(databaseUrl) ?? [];
  return { host, port: Number(tcpPort) };
}
