interface Bytes {
  readonly bytes: Buffer;
  readonly sha256: string;
}
export const decodeBase64: (text: string) => Bytes | null;
export const sealBytes: (bytes: Uint8Array, key: Uint8Array, aad: string) => Buffer;
export const loadReceived: (path: string, key: Uint8Array, iv: Uint8Array) => Bytes;
export const transferable: (bytes: Uint8Array) => ArrayBuffer[];
