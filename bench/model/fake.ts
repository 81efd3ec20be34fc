import { startScriptedModel } from '../../test/support/scripted-model.js';

// A FAKE of a language model, as a process of its own: it says a few words at a fixed pace, whatever it is asked.

// Words as Leoma says them. A sentence with a number, a promise or a deed in it waits until it is whole and judged (docs/language-model.md).
const text =
  'Thank you for telling me about this. I am sorry that you had to bear it. You are not alone, and I am here to listen. ' +
  'Please tell me in your own words: where were you when it began, and who else was there with you?';
const PACE_MS = Number(process.env['BENCH_PACE_MS'] ?? 25);

console.log(
  `FAKE language model: a script that says ${text.split(' ').length} words, one every ${PACE_MS} ms. Nothing of it is a model.`,
);
const model = await startScriptedModel(() => ({ text: text.split(/(?<= )/), paceMs: PACE_MS }));

/** What the parent may ask: how many requests came, and the last one's body. */
process.on('message', () => {
  process.send?.({ requests: model.requests.length, lastBody: model.requests.at(-1)?.body });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: model.url });
