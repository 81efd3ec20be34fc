import type { AnyRecorded } from '../events/catalogue/index.js';
import { collectStory, findSubject, type CollectDependencies, type Story } from '../replay/collect.js';
import type { Reader } from '../replay/masking.js';
import { onOneLine, printable } from './replay/text.js';

/** One thing in the file of a case: what, when, and the texts that belong to it, sealed. */
interface Entry {
  readonly what: string;
  readonly at: string;
  readonly sealed: readonly string[];
}

/** What was told for this complaint, without what belongs to another one of the same conversation. */
const toldFor = (events: readonly AnyRecorded[], complaintId: string): AnyRecorded[] => {
  const end = events.findIndex(
    (event) => event.type === 'ComplaintSubmitted' && event.data.complaintId === complaintId,
  );
  const before = events.slice(0, end === -1 ? 0 : end);
  const begin = before.findLastIndex(({ type }) =>
    ['ComplaintSubmitted', 'SessionRestarted', 'DraftWithdrawn'].includes(type),
  );
  return before.slice(begin + 1);
};

const descriptions = (told: readonly AnyRecorded[]): Entry[] =>
  told.reduce<Entry[]>((entries, event) => {
    if (event.type !== 'DetailsRecorded' || event.data.details.description === undefined) return entries;
    const entry = { what: 'description', at: event.meta.occurredAt, sealed: [event.data.details.description] };
    return event.data.descriptionMode === 'append' ? [...entries, entry] : [entry];
  }, []);

const letterOf = (event: AnyRecorded): Entry | undefined => {
  const at = event.meta.occurredAt;
  switch (event.type) {
    case 'CitizenAsked':
      return { what: 'question', at, sealed: [event.data.question] };
    case 'CitizenAnswered':
      return { what: 'answer', at, sealed: [event.data.text] };
    case 'OfficeWroteToCitizen':
      return { what: 'letter', at, sealed: [event.data.text] };
    case 'CaseDisputed':
      return { what: 'dispute', at, sealed: [event.data.text] };
    case 'CaseMoved':
      return event.data.note === undefined ? undefined : { what: 'note', at, sealed: [event.data.note] };
    default:
      return undefined;
  }
};

/** Files of the complaint and of the answers to the office: kind and size stay readable, the name is sealed. */
const filesOf = (events: readonly AnyRecorded[]): Entry[] => {
  const ids = new Set(
    events.flatMap(({ type, data }) =>
      type === 'ComplaintSubmitted' || type === 'CitizenAnswered' ? data.evidenceIds : [],
    ),
  );
  return events.flatMap((event) =>
    event.type === 'EvidenceUploaded' && ids.has(event.data.evidenceId)
      ? [
          {
            what: `file, ${event.data.mimeType}, ${event.data.sizeBytes.toLocaleString('en-US')} bytes`,
            at: event.meta.occurredAt,
            sealed: [event.data.name],
          },
        ]
      : [],
  );
};

const entriesOf = (story: Story, complaintId: string): Entry[] => {
  const all = story.events.map(({ event }) => event);
  // A conversation may hold several complaints; of others, nothing is shown here.
  const own = all.filter((event) => event.type !== 'ComplaintSubmitted' || event.data.complaintId === complaintId);
  const letters = all.flatMap((event) => letterOf(event) ?? []);
  return [...descriptions(toldFor(all, complaintId)), ...letters, ...filesOf(own)];
};

const day = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
const indented = (text: string): string =>
  printable(text)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** The conversation from which a complaint came. */
export const sessionOfCase = async (deps: CollectDependencies, complaintId: string): Promise<string | undefined> => {
  const found = await findSubject(deps, complaintId);
  return typeof found === 'object' ? found.sessionId : undefined;
};

/**
 * What an officer needs of a case: the description, questions, answers, letters, notes and the list of files, with their times (UTC).
 * @param reader opens the texts; without one only counts, times, kinds and sizes are shown
 */
export const caseFileText = async (
  deps: CollectDependencies,
  { complaintId, sessionId }: { readonly complaintId: string; readonly sessionId: string },
  reader?: Reader,
): Promise<string> => {
  const entries = entriesOf(await collectStory(deps, { sessionId, complaintId }), complaintId);
  const lines: string[] = [];
  for (const { what, at, sealed } of entries) {
    lines.push(`${day(at)}  ${onOneLine(what)}`);
    if (reader !== undefined) for (const text of sealed) lines.push(indented(await reader.openText(text)));
  }
  const masked =
    reader === undefined && entries.length > 0
      ? ['', 'The texts are masked. To read them (it is recorded): --read --reason "why" --officer <staff id>']
      : [];
  const counted = `in the file  ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  return [counted, ...lines, ...masked, ''].join('\n');
};
