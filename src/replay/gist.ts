import type { Shown } from './masking.js';

type Fields = Readonly<Record<string, Shown>>;

const text = (value: Shown | undefined): string => (typeof value === 'string' ? value : '');
const fields = (value: Shown | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const listed = (...values: readonly (Shown | undefined)[]): string =>
  values
    .map(text)
    .filter((part) => part !== '')
    .join(', ');

/**
 * What an event says, in a few words for one line of a list: from its data as it is shown, so that what is masked stays masked.
 * Empty when the name of the event says it all.
 */
export function gistOf(type: string, shown: Shown): string {
  const data = fields(shown);
  switch (type) {
    case 'UserMessageReceived':
    case 'AgentReplied':
    case 'OfficerReplied':
    case 'CaseUpdateReceived':
    case 'CitizenAnswered':
    case 'OfficeWroteToCitizen':
    case 'CaseDisputed':
      return text(data['text']);
    case 'CitizenAsked':
      return text(data['question']);
    case 'SessionStateChanged':
    case 'CaseMoved':
      return `${text(data['from'])} → ${text(data['to'])}${data['reason'] === undefined ? '' : ` (${text(data['reason'])})`}`;
    case 'EvidenceUploaded':
      return `${text(data['name'])} (${text(data['mimeType'])}, ${JSON.stringify(data['sizeBytes'])} bytes)`;
    case 'DetailsRecorded':
      return Object.keys(fields(data['details'])).join(', ');
    case 'ComplaintClassified':
    case 'OfficerClassified':
      return listed(data['outcome'], data['category'], data['institution']);
    case 'ComplaintSubmitted':
      return listed(data['standing'], data['category'], data['institution']);
    case 'IdentityProvided':
      return `${text(data['mode'])}, ${text(data['standing'])}`;
    case 'SessionStarted':
      return `${text(data['channel'])}, ${text(data['language'])}`;
    case 'PersonalDataErased':
      return Array.isArray(data['classes']) ? data['classes'].join(', ') : '';
    case 'PersonalDataUnmasked':
      return text(data['reason']);
    case 'HumanRequested':
    case 'SessionRevoked':
      return text(data['reason']);
    case 'EvidenceStepFinished':
      return text(data['outcome']);
    case 'LanguageChanged':
      return text(data['language']);
    case 'TurnFailed':
      return text(data['code']);
    case 'Unknown':
      return `${text(data['type'])}: written by a newer program`;
    default:
      return '';
  }
}
