import { ERASED, type PersonalClass } from '../../events/personal.js';
import type { SessionState } from './state.js';

/** Blanks what can no longer be read, so that a state folded before an erasure equals one folded after it. */
export const eraseFromState = (state: SessionState, classes: readonly PersonalClass[]): Partial<SessionState> => {
  const blank = (value: string | null): string | null => (value === null ? null : ERASED);
  const { draft, filed } = state;
  const content = classes.includes('content') && {
    draft: {
      ...draft,
      description: blank(draft.description),
      happenedWhen: blank(draft.happenedWhen),
      happenedWhere: blank(draft.happenedWhere),
      institutionWords: blank(draft.institutionWords),
      triedBefore: blank(draft.triedBefore),
      remedyWanted: blank(draft.remedyWanted),
    },
    earlierNumbers: state.earlierNumbers.map(() => ERASED),
    filed: filed === null ? null : { ...filed, trackingNumber: ERASED },
    pending: state.pending.map((message) => ({ ...message, text: ERASED })),
    caseRequest: null,
    confirmedBy: null,
  };
  const next = { ...state, ...content };
  const { identity } = next.draft;
  return {
    ...content,
    ...(classes.includes('identity') &&
      identity !== null && {
        draft: {
          ...next.draft,
          identity: {
            ...identity,
            name: blank(identity.name),
            phone: blank(identity.phone),
            email: blank(identity.email),
            safeContact: blank(identity.safeContact),
          },
        },
      }),
    ...(classes.includes('handover') && {
      handedKey: null,
      pending: (content === false ? state : { ...state, ...content }).pending.map((message) => ({
        ...message,
        handedKey: null,
      })),
    }),
    ...(classes.includes('evidence') && {
      evidence: state.evidence.map((item) => ({ ...item, name: ERASED, sha256: ERASED })),
    }),
    erased: [...new Set([...state.erased, ...classes])].sort(),
  };
};
