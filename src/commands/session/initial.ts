import { emptyMap } from '../persistent-map.js';
import type { Draft, MessageRecord, SessionState } from './state.js';

/** A draft in which nothing has been said yet. */
export const emptyDraft: Draft = {
  description: null,
  happenedWhen: null,
  happenedWhere: null,
  institutionWords: null,
  triedBefore: null,
  remedyWanted: null,
  beforeCourt: null,
  evidenceStep: 'open',
  classification: null,
  identity: null,
  answersShown: false,
  reopened: null,
};

/** A session of which nothing has happened yet. */
export const initialSession: SessionState = {
  started: false,
  language: 'en',
  languageFrom: 'start',
  taxonomyVersion: '',
  announced: 'greeting',
  filing: false,
  draft: emptyDraft,
  evidence: [],
  filed: null,
  earlierComplaintIds: [],
  earlierNumbers: [],
  cases: {},
  caseRequest: null,
  ended: null,
  addingEvidence: false,
  tracking: false,
  lookedUp: null,
  handedKey: null,
  openedCases: [],
  erasureRequested: false,
  failed: false,
  assistance: 'bot',
  pending: [],
  messages: emptyMap<MessageRecord>(),
  messageCount: 0,
  lastAsked: null,
  confirmedBy: null,
  holder: null,
  revoked: false,
  erased: [],
  revision: -1,
};
