import type { Case } from './case.js';
import { classicAbuseCases } from './cases/classic-abuse.js';
import { classicInboundCases } from './cases/classic-inbound.js';
import { classicOutboundCases } from './cases/classic-outbound.js';
import { handshakeCases } from './cases/handshake.js';
import { v1AbuseCases } from './cases/v1-abuse.js';
import { v1HandshakeCases } from './cases/v1-handshake.js';
import { v1HistoryCases } from './cases/v1-history.js';
import { v1HttpCases } from './cases/v1-http.js';
import { v1MessageCases } from './cases/v1-messages.js';
import { v1ReplyCases } from './cases/v1-replies.js';
import { v1ResumeCases } from './cases/v1-resume.js';
import { v1SmallFrameCases } from './cases/v1-small-frames.js';

/** Every case, in the order in which they run. */
export const allCases: readonly Case[] = [
  ...handshakeCases,
  ...classicInboundCases,
  ...classicOutboundCases,
  ...classicAbuseCases,
  ...v1HandshakeCases,
  ...v1MessageCases,
  ...v1SmallFrameCases,
  ...v1ReplyCases,
  ...v1ResumeCases,
  ...v1HistoryCases,
  ...v1AbuseCases,
  ...v1HttpCases,
];
