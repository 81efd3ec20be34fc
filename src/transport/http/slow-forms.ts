import type { Request } from 'express';

/** Somebody who may take longer than the deadline. */
export interface SlowForm {
  /** Whether enough came since it was asked last. @param ms how long ago that was */
  readonly goesOn: (ms: number) => boolean;
  /** Gives the place back. */
  readonly end: () => void;
}

/** Gives a body that is not complete at its deadline more time, or null. */
export type Patience = (request: Request) => SlowForm | null;

export interface SlowFormLimits {
  readonly slowFormsAtOnce: number;
  readonly slowFormsPerAddress: number;
  readonly uploadMinBytesPerS: number;
}

/**
 * A photo in a plain form takes minutes on a slow network, and waits in memory. So the places are few, few of them for one
 * address, and whoever falls below the pace of an upload loses theirs (security.md row 14).
 * @param maxBytes a body that says it is larger gets no place: it will be refused
 */
export const createPatience = (
  { slowFormsAtOnce, slowFormsPerAddress, uploadMinBytesPerS }: SlowFormLimits,
  maxBytes: number,
  addressOf: (request: Request) => string,
): Patience => {
  const places: string[] = [];
  return (request) => {
    const address = addressOf(request);
    const hasOwn = places.filter((taken) => taken === address).length;
    if (places.length >= slowFormsAtOnce || hasOwn >= slowFormsPerAddress) return null;
    // Without a length nobody can say how much is to come.
    if (!(Number(request.headers['content-length']) <= maxBytes)) return null;
    places.push(address);
    let seen = request.socket.bytesRead;
    return {
      goesOn: (ms) => {
        const came = request.socket.bytesRead - seen;
        seen += came;
        return came * 1000 >= uploadMinBytesPerS * ms;
      },
      end: () => void places.splice(places.indexOf(address), 1),
    };
  };
};
