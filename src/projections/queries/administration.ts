// What transport may know of the administration of read models: its types. Composition hands the functions over.
export type {
  Outcome,
  ProjectionAdmin,
  ProjectionSummary,
  RebuildResult,
  RefusalCode,
  VerifyResult,
  WorkProgress,
} from '../admin.js';
