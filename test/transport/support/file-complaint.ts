export interface FiledComplaint {
  readonly sessionId: string;
  readonly trackingNumber: string;
  readonly accessKey: string;
}

/** Files a complaint over REST. Gives what the citizen holds in the end. */
export const fileComplaint = async (url: string, description: string): Promise<FiledComplaint> => {
  const say = async (body: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}/api/agent/message`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  const sessionId = String((await say({ message: description }))['sessionId']);
  await say({ sessionId, message: 'submit' });
  const last = await say({ sessionId, message: 'yes' });
  const words = String(last['message']).replaceAll(/OMB-[\w-]+/g, '');
  const accessKey = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}(?!-)/.exec(words)?.[0] ?? '';
  return { sessionId, trackingNumber: String(last['trackingNumber']), accessKey };
};
