import { verifyLog } from '../../../src/events/verify.js';
import { sessionStream, type AnyRecorded } from '../../../src/events/catalogue/index.js';
import type { EventLog } from '../../../src/events/event-log.js';
import { loadConfig } from '../../../src/platform/config.js';
import { createLogger } from '../../../src/platform/logging.js';
import { openStorage } from '../../../src/storage.js';
import { addTallies, noTally, tally, type Tally } from '../audit.js';
import type { CitizenRecord } from '../driver/citizen.js';

/** What the event log says about the talk of all citizens. */
export interface LogAudit {
  /** What citizens said, against what the log holds. */
  readonly toServer: Tally;
  /** Messages of the assistant, of officers and of the system in the log, against what arrived. */
  readonly toCitizen: Tally;
  /** All that is durable, against what arrived: also the citizen's own messages and the states of the conversation. */
  readonly frames: Tally;
  /** Messages to the assistant without exactly one answer. */
  readonly notAnsweredOnce: number;
  /** Messages that were acknowledged and are not in the log. */
  readonly acknowledgedAndLost: number;
  readonly events: number;
  readonly chainIntact: boolean;
}

const isToCitizen = ({ type }: AnyRecorded): boolean =>
  type === 'AgentReplied' || type === 'OfficerReplied' || type === 'TurnFailed';

/** The events that every client is shown, by PROTOCOL.md; named here again, so that the server is not its own witness. */
const isShown = (event: AnyRecorded): boolean => {
  switch (event.type) {
    case 'UserMessageReceived':
    case 'SessionStarted':
    case 'SessionStateChanged':
    case 'LanguageChanged':
    case 'HumanRequested':
    case 'HumanJoined':
    case 'HumanLeft':
    case 'PersonalDataErased':
      return true;
    default:
      return isToCitizen(event);
  }
};

type OneAudit = Pick<LogAudit, 'toServer' | 'toCitizen' | 'frames' | 'notAnsweredOnce' | 'acknowledgedAndLost'>;

const auditOne = async (log: EventLog, { name, said, heard }: CitizenRecord): Promise<OneAudit> => {
  const events: AnyRecorded[] = [];
  for await (const event of log.readStream(sessionStream(name))) events.push(event);
  const received = events.flatMap((event) => (event.type === 'UserMessageReceived' ? [event] : []));
  const arrivedHere = received.map(({ data, meta }) => data.clientMessageId ?? meta.id);
  const toCitizen = events.filter(isToCitizen).map(({ meta }) => meta.id);
  const known = new Set(toCitizen);
  const hasOfficer = events.some(({ type }) => type === 'HumanJoined');
  const answers = events.flatMap((event) =>
    event.type === 'AgentReplied' || event.type === 'TurnFailed' ? [event.data.answers] : [],
  );
  return {
    toServer: tally(
      said.map(({ id }) => id),
      arrivedHere,
    ),
    toCitizen: tally(
      toCitizen,
      heard.filter((id) => known.has(id)),
    ),
    frames: tally(
      events.filter(isShown).map(({ meta }) => meta.id),
      heard,
    ),
    notAnsweredOnce: hasOfficer
      ? 0
      : received.filter(({ meta }) => answers.filter((id) => id === meta.id).length !== 1).length,
    acknowledgedAndLost: said.filter(
      ({ id, acknowledgedAt }) => acknowledgedAt !== undefined && !arrivedHere.includes(id),
    ).length,
  };
};

const none: OneAudit = {
  toServer: noTally,
  toCitizen: noTally,
  frames: noTally,
  notAnsweredOnce: 0,
  acknowledgedAndLost: 0,
};

/** Reads the log itself, after the talk, and compares it with what every citizen said and heard. */
export const auditLog = async (
  env: Readonly<Record<string, string>>,
  records: readonly CitizenRecord[],
): Promise<LogAudit> => {
  const config = loadConfig({ ...env, LOG_LEVEL: 'error' });
  const storage = await openStorage(config, createLogger(config), { as: 'tool' });
  try {
    let sum = none;
    for (const record of records) {
      const one = await auditOne(storage.log, record);
      sum = {
        toServer: addTallies(sum.toServer, one.toServer),
        toCitizen: addTallies(sum.toCitizen, one.toCitizen),
        frames: addTallies(sum.frames, one.frames),
        notAnsweredOnce: sum.notAnsweredOnce + one.notAnsweredOnce,
        acknowledgedAndLost: sum.acknowledgedAndLost + one.acknowledgedAndLost,
      };
    }
    const verified = await verifyLog(storage.store, {});
    return { ...sum, events: verified.events, chainIntact: verified.ok };
  } finally {
    await storage.close();
  }
};
