/** The token of an `Authorization: Bearer …`, or null. */
export const bearerIn = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : authorization.replace(/^Bearer +/i, '');
