import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientFrame, ServerFrame, SocketConstructor } from '../../src/index.js';
import { createV1Server, type V1Options, type V1Server } from './v1-server.js';

// The small v1 server on a real port: WebSocket, SSE with POST, tokens and uploads.

export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Office {
  readonly url: string;
  readonly v1: V1Server;
  readonly uploads: Upload[];
  readonly requests: string[];
  /** Refuses WebSocket handshakes, as some proxies do. */
  blockWebSockets: boolean;
  /** Answers of the next uploads, before they are taken. */
  readonly uploadFailures: ((response: ServerResponse, request: IncomingMessage) => void)[];
  /** Ends every TCP connection without a word. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Node 20 has no WebSocket of its own; that of `ws` has the browser's interface. */
export const NodeWebSocket = WebSocket as unknown as SocketConstructor;

export const startOffice = async (options: V1Options = {}): Promise<Office> => {
  const v1 = createV1Server(options);
  const uploads: Upload[] = [];
  const requests: string[] = [];
  const uploadFailures: Office['uploadFailures'] = [];
  const json = (response: ServerResponse, status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  const sessionPath = `/api/agent/session/${v1.sessionId}`;

  const events = (request: IncomingMessage, response: ServerResponse, token: string): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (frame: ServerFrame): void => {
      const id = frame.position === undefined || frame.type === 'welcome' ? '' : `id: ${frame.position}\n`;
      response.write(`${id}data: ${JSON.stringify(frame)}\n\n`);
    };
    const peer = v1.attach({ send, close: () => response.end() });
    const position = request.headers['last-event-id'];
    peer.receive({
      type: 'hello',
      data: {
        token,
        resume: typeof position === 'string' ? { position } : null,
        client: { name: 'sse', version: '1' },
        want: [],
      },
    });
    response.on('close', () => peer.detach());
  };

  const post = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answers: ServerFrame[] = [];
    const peer = v1.attach({ send: (frame) => answers.push(frame), close: () => undefined });
    peer.receive(JSON.parse((await bodyOf(request)).toString()) as ClientFrame);
    peer.detach();
    json(response, 200, answers);
  };

  const upload = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await bodyOf(request);
    const failure = uploadFailures.shift();
    if (failure !== undefined) {
      failure(response, request);
      return;
    }
    const name = decodeURIComponent(String(request.headers['x-file-name']));
    uploads.push({ name, type: String(request.headers['content-type']), bytes });
    json(response, 201, { uploadId: `upload-${uploads.length}` });
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url } = request;
    requests.push(`${method} ${url}`);
    const token = String(request.headers.authorization).replace('Bearer ', '');
    if (url === '/api/agent/session') {
      json(response, 201, {
        sessionId: v1.sessionId,
        websocketUrl: office.url.replace('http', 'ws'),
        protocols: ['leoma.chat.v1'],
        token: 'token-1',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        limits: {},
      });
      return;
    }
    if (url === `${sessionPath}/token`) {
      v1.tokens.add('token-2');
      json(response, 200, { token: 'token-2', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
      return;
    }
    if (!v1.tokens.has(token)) {
      json(response, 401, { error: 'Please open it again.', code: 'unauthorized' });
      return;
    }
    if (url === `${sessionPath}/events`) {
      events(request, response, token);
      return;
    }
    if (url === `${sessionPath}/frames`) return post(request, response);
    if (url === '/api/uploads') return upload(request, response);
    json(response, 404, { error: 'There is nothing here.', code: 'not_found' });
  };

  const server = createServer((request, response) => void route(request, response));
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('leoma.chat.v1') ? 'leoma.chat.v1' : false),
  });
  server.on('upgrade', (request, socket, head) => {
    if (office.blockWebSockets) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const peer = v1.attach({
        send: (frame) => ws.send(JSON.stringify(frame)),
        close: (code, reason) => ws.close(code, reason),
      });
      ws.on('message', (data) => peer.receive(JSON.parse((data as Buffer).toString()) as ClientFrame));
      ws.on('close', () => peer.detach());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const office: Office = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    v1,
    uploads,
    requests,
    blockWebSockets: false,
    uploadFailures,
    cut: () => {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
    },
    stop: async () => {
      office.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return office;
};
