// @vitest-environment jsdom
import { File } from 'node:buffer'; // jsdom's own cannot be read
import { act, StrictMode, type ReactElement } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatInterface, useWebSocket, type Chat, type ChatInterfaceProps } from '../src/react/index.js';
import { createSimulation, createStorage, type Simulation } from './support/simulation.js';

let simulation: Simulation;
let root: Root | null = null;
let box: HTMLElement;

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  simulation = createSimulation();
  box = document.createElement('div');
  document.body.append(box);
});
afterEach(async () => {
  await act(async () => {
    root?.unmount();
    await Promise.resolve();
  });
  root = null;
  box.remove();
});

const render = (element: ReactElement): Promise<void> =>
  act(async () => {
    root ??= createRoot(box);
    root.render(element);
    await Promise.resolve();
  });
const pass = (ms = 1000): Promise<void> => act(() => simulation.clock.advance(ms));
const find = (selector: string): HTMLElement => box.querySelector(selector)!;
const button = (text: string): HTMLElement =>
  [...box.querySelectorAll<HTMLElement>('button')].find(({ textContent }) => textContent === text)!;
const doing = (what: () => void): Promise<void> =>
  act(async () => {
    what();
    await Promise.resolve();
  });
const click = (text: string): Promise<void> => doing(() => button(text).click());
const write = (text: string): Promise<void> =>
  doing(() => {
    // React listens to the native setter.
    const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!;
    native.set!.call(find('textarea'), text);
    find('textarea').dispatchEvent(new Event('input', { bubbles: true }));
  });
const press = (key: string, more: KeyboardEventInit = {}): Promise<boolean> =>
  act(() =>
    find('textarea').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })),
  );
const open = async (props: Partial<ChatInterfaceProps> = {}): Promise<void> => {
  await render(<ChatInterface options={{ environment: simulation.page().environment }} {...props} />);
  await pass();
};

describe('useWebSocket', () => {
  let chat: Chat;
  const Probe = ({ options }: { options: Parameters<typeof useWebSocket>[1] }): null => {
    chat = useWebSocket(undefined, options);
    return null;
  };

  test('under StrictMode there is one session and one connection', async () => {
    const { environment } = simulation.page();
    await render(
      <StrictMode>
        <Probe options={{ environment }} />
      </StrictMode>,
    );
    await pass();
    expect(simulation.requests).toEqual(['POST /api/agent/session']);
    expect(simulation.sockets).toHaveLength(1);
    expect(chat.isConnected).toBe(true);
  });

  test('rendering again with new option objects changes nothing', async () => {
    const { environment } = simulation.page();
    for (let time = 0; time < 3; time += 1) await render(<Probe options={{ environment }} />);
    await pass();
    expect(simulation.sockets).toHaveLength(1);
  });

  test('unmounting closes; mounting again in the same tab goes on with the session', async () => {
    const storage = createStorage();
    await render(<Probe options={{ environment: simulation.page(storage).environment }} />);
    await pass();
    await act(() => chat.sendMessage('one'));
    await pass();
    await render(<i />);
    await pass();
    expect(simulation.server.peers()).toBe(0);
    await render(<Probe options={{ environment: simulation.page(storage).environment }} />);
    await pass();
    expect(simulation.requests).toHaveLength(1);
    expect(chat.messages.map(({ data }) => data.message)).toEqual(['one']);
  });

  test('items keep the classic look; what the citizen said is of another type than what the office said', async () => {
    await render(<Probe options={{ environment: simulation.page().environment }} />);
    await act(() => chat.sendMessage('one'));
    expect(chat.messages).toMatchObject([{ type: 'own', role: 'citizen', state: 'waiting', data: { message: 'one' } }]);
    await pass();
    simulation.server.say('two', { state: 'completed', trackingNumber: 'OMB-1' });
    await pass();
    expect(chat.messages).toMatchObject([
      { type: 'own', state: 'received', data: { message: 'one', sessionId: 'session-1' } },
      {
        type: 'message',
        role: 'agent',
        data: { message: 'two', sessionId: 'session-1', state: 'completed', trackingNumber: 'OMB-1' },
      },
    ]);
    expect(chat).toMatchObject({ isConnected: true, error: null, sessionId: 'session-1', status: 'live' });
  });

  test('an empty message is refused with an error instead of an exception', async () => {
    await render(<Probe options={{ environment: simulation.page().environment }} />);
    await act(() => chat.sendMessage(' '));
    expect(chat.error).toBe('Nothing to send.');
  });

  test('a client of the application is neither connected nor closed', async () => {
    const { client } = simulation.newClient();
    await render(<Probe options={{ client }} />);
    await pass();
    expect(chat.status).toBe('idle');
    await doing(client.connect);
    await pass();
    await render(<i />);
    expect(client.getSnapshot().isConnected).toBe(true);
    await doing(client.close);
  });

  test('end() takes the conversation away at once, for whoever sits down next', async () => {
    const { client } = simulation.newClient();
    await render(<Probe options={{ client }} />);
    await doing(client.connect);
    await act(() => chat.sendMessage('SECRET'));
    await pass();
    expect(chat.messages).toHaveLength(1);
    await doing(client.end);
    expect(chat).toMatchObject({ messages: [], sessionId: null, error: null });
  });

  test('it renders on a server, and hydrates without complaint', async () => {
    const options = { environment: simulation.page().environment };
    box.innerHTML = renderToString(<ChatInterface options={options} />);
    expect(simulation.requests).toEqual([]);
    expect(box.textContent).toContain('Not connected');
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await act(async () => {
      root = hydrateRoot(box, <ChatInterface options={options} />);
      await Promise.resolve();
    });
    await pass();
    expect(complaints).not.toHaveBeenCalled();
    expect(find('[role=status]').textContent).toBe('Connected');
    complaints.mockRestore();
  });
});

describe('ChatInterface', () => {
  test('a message is written, sent with Enter, and its state told in words', async () => {
    await open();
    await write('They took my land.');
    await press('Enter');
    expect(find('textarea').textContent).toBe('');
    expect(find('[role=log]').textContent).toContain('They took my land.Sent');
    await pass();
    expect(find('[role=log]').textContent).toContain('They took my land.Received by the office');
    expect(simulation.server.transcript()).toEqual(['citizen:They took my land.']);
  });

  test('Shift+Enter and Enter of an input method send nothing', async () => {
    await open();
    await write('ni');
    await press('Enter', { shiftKey: true });
    await press('Enter', { isComposing: true });
    await pass();
    expect(simulation.server.transcript()).toEqual([]);
  });

  test('text box, log and buttons have names', async () => {
    await open();
    const area = find('textarea') as HTMLTextAreaElement;
    expect(area.labels[0]?.textContent).toBe('Your message');
    expect(document.getElementById(area.getAttribute('aria-describedby')!)).not.toBeNull();
    expect(find('[role=log]').getAttribute('aria-label')).toBe('Conversation with the office');
    expect([...box.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual(['Add files', 'Send']);
  });

  test('without a connection it says that what is written is kept, and sends it later', async () => {
    const page = simulation.page();
    await open({ options: { environment: page.environment } });
    await doing(() => page.tell({ online: false }));
    simulation.cut();
    await pass();
    expect(find('[role=status]').textContent).toContain('is kept');
    await write('later');
    await press('Enter');
    expect(find('[role=log]').textContent).toContain('laterWaiting to be sent');
    await doing(() => page.tell({ online: true }));
    await pass();
    expect(find('[role=log]').textContent).toContain('laterReceived by the office');
  });

  test('loading the conversation is silent; afterwards each finished message is announced once', async () => {
    simulation.server.say('old');
    const { environment } = simulation.page();
    await render(<ChatInterface options={{ environment }} />);
    expect(find('[role=log]').getAttribute('aria-live')).toBe('off');
    await pass();
    expect(find('[role=log]').getAttribute('aria-live')).toBe('polite');
    expect(find('[role=log]').getAttribute('aria-relevant')).toBe('additions');
    await write('mine');
    await press('Enter');
    const bubble = find('[role=log] li:last-child');
    await pass();
    // The same element from the first bubble to the durable message: nothing is added, so nothing is read twice.
    expect(find('[role=log] li:last-child')).toBe(bubble);
  });

  test('a reply being written is shown outside of the log and can be stopped', async () => {
    await open();
    simulation.server.broadcast({ type: 'delta', data: { replyId: 'r', offset: 0, text: 'Good mor' } });
    await pass(100);
    expect(find('.ci-streaming').textContent).toContain('Good mor');
    expect(find('.ci-streaming').getAttribute('aria-live')).toBe('off');
    expect(find('[role=log]').textContent).not.toContain('Good mor');
    simulation.server.say('Good morning', { replyId: 'r' });
    await pass(100);
    expect(find('.ci-streaming')).toBeNull();
    expect(find('[role=log]').textContent).toContain('Good morning');
  });

  test('security.md row 27: what a model says is text and nothing else', async () => {
    await open();
    simulation.server.say('<img src=x onerror=alert(1)> ![x](https://evil.example)');
    await pass();
    expect(box.querySelector('img, a')).toBeNull();
    expect(find('.ci-text').textContent).toBe('<img src=x onerror=alert(1)> ![x](https://evil.example)');
  });

  test('suggested answers are buttons that send', async () => {
    await open();
    simulation.server.say('Is that right?', { quickReplies: [{ label: 'Yes, it is', send: 'yes' }] });
    await pass();
    await click('Yes, it is');
    await pass();
    expect(simulation.server.transcript()).toEqual(['agent:Is that right?', 'citizen:yes']);
    expect(box.querySelector('.ci-suggestions')).toBeNull();
  });

  test('a message that failed says why and can be tried again or removed', async () => {
    let refuse = true;
    simulation = createSimulation(1, {
      refuse: () => (refuse ? { code: 'quota_exceeded', error: 'No room.', retryable: false } : null),
    });
    await open();
    await write('a');
    await press('Enter');
    await pass();
    expect(find('[role=log]').textContent).toContain('Not sent: No room.');
    refuse = false;
    await click('Try again');
    await pass();
    expect(simulation.server.transcript()).toEqual(['citizen:a']);
  });

  test('what is written but not sent goes with the conversation when it ends', async () => {
    const { client } = simulation.newClient();
    await open({ options: { client } });
    await doing(client.connect);
    await pass();
    await write('SECRET');
    await doing(client.end);
    expect((find('textarea') as HTMLTextAreaElement).value).toBe('');
  });

  test('chosen files are listed and can be removed', async () => {
    await open();
    const input = find('input[type=file]');
    const files = [new File(['1'], 'one.pdf'), new File(['2'], 'two.pdf')];
    Object.defineProperty(input, 'files', { value: files, configurable: true });
    await act(() => input.dispatchEvent(new Event('change', { bubbles: true })));
    expect(find('.ci-chosen').textContent).toContain('one.pdf');
    await doing(() => find('[aria-label="Remove one.pdf"]').click());
    expect(find('.ci-chosen').textContent).not.toContain('one.pdf');
    await click('Send');
    await act(() =>
      vi.waitFor(async () => {
        await simulation.clock.advance(100);
        expect(simulation.server.log()[0]?.data.media).toMatchObject([{ name: 'two.pdf', data: 'Mg==' }]);
      }),
    );
    expect(find('.ci-files').textContent).toBe('Files: two.pdf');
  });

  test('a replaced tab offers to be used here', async () => {
    await open();
    simulation.server.closeAll(4409);
    await pass();
    expect(find('[role=status]').textContent).toContain('too many places');
    await click('Use here');
    await pass();
    expect(find('[role=status]').textContent).toBe('Connected');
  });

  test('onCompleted is called once for a tracking number', async () => {
    const onCompleted = vi.fn();
    await open({ onCompleted });
    simulation.server.say('Done.', { state: 'completed', trackingNumber: 'OMB-1' });
    simulation.server.say('Anything else?', { state: 'completed', trackingNumber: 'OMB-1' });
    await pass();
    expect(onCompleted.mock.calls).toEqual([['OMB-1']]);
  });

  test('words can be replaced for another language', async () => {
    await open({ strings: { send: 'Sen am', inputLabel: 'Wetin apin?' } });
    expect(button('Sen am')).toBeDefined();
    expect(find('label').textContent).toBe('Wetin apin?');
  });
});
