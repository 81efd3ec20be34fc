import { loadStatements } from '../../../demo/file-all.js';

/** What citizens say to the assistant: a statement, answers to its questions, a filing now and then, and again. */
export const conversationLines = async (): Promise<string[]> =>
  (await loadStatements())
    .slice(0, 60)
    .flatMap((statement) => [statement, 'skip', 'not sure', 'anonymous', 'What happens next?', 'yes', 'new complaint']);
