export const decodeBase64: (text: string) => { readonly bytes: Buffer; readonly sha256: string } | null;
export const sealBytes: (bytes: Uint8Array, key: Uint8Array, aad: string) => Buffer;
