import { randomBytes } from 'node:crypto';
import net from 'node:net';

/** A TCP connection that speaks byte by byte, for what no WebSocket library would send. */
export interface RawSocket {
  readonly socket: net.Socket;
  write(bytes: string | Uint8Array): void;
  /** Everything received so far. */
  received(): Buffer;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
  /** Status and reason of the close frame that came, or null. */
  closeCode(): number | null;
}

export const connectRaw = async (port: number): Promise<RawSocket> => {
  const socket = net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const received = (): Buffer => Buffer.concat(chunks);
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    received,
    ended,
    closeCode: () => {
      const all = received();
      let at = all.indexOf('\r\n\r\n') + 4;
      while (at >= 4 && at + 2 <= all.length) {
        const length = all[at + 1]!;
        const header = length === 126 ? 4 : 2;
        const size = length === 126 ? all.readUInt16BE(at + 2) : length;
        if ((all[at]! & 0x0f) === 8) return all.readUInt16BE(at + header);
        at += header + size;
      }
      return null;
    },
  };
};

export const handshake = (sessionId: string): string =>
  [
    `GET /?sessionId=${sessionId} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '',
    '',
  ].join('\r\n');

/** A frame as bytes. `first` is FIN, RSV and opcode; `length` may lie. */
export const frame = (
  first: number,
  payload: Uint8Array,
  options: { readonly masked?: boolean; readonly length?: number } = {},
): Buffer => {
  const { masked = true, length = payload.length } = options;
  const bit = masked ? 0x80 : 0;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  if (length < 126) size[0] = bit | length;
  else if (length < 65_536) {
    size[0] = bit | 126;
    size.writeUInt16BE(length, 1);
  } else {
    size[0] = bit | 127;
    size.writeBigUInt64BE(BigInt(length), 1);
  }
  // A mask of zeros changes nothing.
  return Buffer.concat([Buffer.from([first]), size, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
};
