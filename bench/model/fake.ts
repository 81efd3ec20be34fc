import { startScriptedModel } from '../../test/support/scripted-model.js';

// A FAKE of a language model, as a process of its own: it says a few words at a fixed pace, whatever it is asked.

const WORDS = 40;
const PACE_MS = Number(process.env['BENCH_PACE_MS'] ?? 25);

console.log(
  `FAKE language model: a script that says ${WORDS} words, one every ${PACE_MS} ms. Nothing of it is a model.`,
);
const text = Array.from({ length: WORDS }, (_, at) => (at % 10 === 9 ? `word${at}. ` : `word${at} `));
const model = await startScriptedModel(() => ({ text, paceMs: PACE_MS }));

/** What the parent may ask: how many requests came, and the last one's body. */
process.on('message', () => {
  process.send?.({ requests: model.requests.length, lastBody: model.requests.at(-1)?.body });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: model.url });
