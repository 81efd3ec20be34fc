// How a case ends other than by passing.

interface Ending extends Error {
  readonly ending: 'failed' | 'skipped';
}

const ending = (kind: Ending['ending'], message: string): Ending => Object.assign(new Error(message), { ending: kind });

/** What the server did is not what PROTOCOL.md says. */
export const failed = (message: string): Error => ending('failed', message);

/** The case does not apply to this server, or cannot be judged from outside. */
export const skipped = (reason: string): Error => ending('skipped', reason);

/** @returns how an error that a case threw is to be counted; anything unforeseen is a failure */
export const endingOf = (error: unknown): { readonly ending: Ending['ending']; readonly reason: string } => {
  const { ending: kind, message } = error as Partial<Ending>;
  return { ending: kind ?? 'failed', reason: message ?? String(error) };
};

/** Fails the case unless the condition holds. */
export function check(condition: unknown, message: string): asserts condition {
  if (condition === false || condition === undefined || condition === null) throw failed(message);
}

/** Fails the case unless both are equal. */
export const checkEqual = (actual: unknown, expected: unknown, what: string): void => {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw failed(`${what} is ${is}, expected ${should}`);
};
