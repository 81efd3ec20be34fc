import { createRoot } from 'react-dom/client';
import { useState } from 'react';
import { useWebSocket } from '@citizen-interface/client/react';

// The documented hook alone: what an integrator writes first (docs/nextjs.md, section 4), every message in the page.
const Page = () => {
  const { messages, sendMessage, isConnected } = useWebSocket(new URLSearchParams(location.search).get('server') ?? '');
  const [text, setText] = useState('');
  return (
    <>
      <ol>
        {messages.map(({ id, role, state, data }) => (
          <li key={id} data-role={role} data-state={state}>
            {data.message}
          </li>
        ))}
      </ol>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (sendMessage(text) !== null) setText('');
        }}
      >
        <textarea id="message" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" data-connected={isConnected}>
          Send
        </button>
      </form>
    </>
  );
};

const place = document.getElementById('app');
if (place !== null) createRoot(place).render(<Page />);
