import { onOff, oneOf, secretText, text, wholeNumber } from './setting.js';

/** The language model behind the assistant: where it is, what it may cost, what it is shown. docs/language-model.md */
export const modelSettings = {
  openaiApiKey: secretText({
    env: 'OPENAI_API_KEY',
    description:
      'Turns the language model on. Unset: the guided assistant answers everything. A local server without keys takes any text.',
  }),
  openaiBaseUrl: text({
    env: 'OPENAI_BASE_URL',
    default: 'https://api.openai.com/v1',
    unit: 'http(s):// address',
    pattern: /^https?:\/\/[^\s@]+$/,
    message: 'must begin with https:// or http://, without a user name or password',
    description: 'Any server that speaks the Chat Completions API: a gateway, vLLM, llama.cpp, Ollama.',
  }),
  openaiModel: text({
    env: 'OPENAI_MODEL',
    default: 'gpt-4.1-mini',
    unit: 'name',
    description: 'Model to ask for, as that server names it.',
  }),
  modelTokenField: oneOf({
    env: 'MODEL_TOKEN_FIELD',
    words: ['max_tokens', 'max_completion_tokens'],
    default: 'max_tokens',
    description:
      'Field that bounds the length of an answer. Newer models of OpenAI want max_completion_tokens, other servers know max_tokens.',
  }),
  modelTemperature: text({
    env: 'MODEL_TEMPERATURE',
    default: '',
    unit: '0 to 2',
    pattern: /^([01](\.\d{1,2})?|2(\.0{1,2})?)$/,
    message: 'must be a number from 0 to 2, such as 0.3',
    description: "How freely the model chooses its words. Unset: the server's own default.",
  }),
  modelReplyTokens: wholeNumber({
    env: 'MODEL_REPLY_TOKENS',
    default: 800,
    min: 50,
    max: 100_000,
    unit: 'tokens',
    description: 'Most tokens that one call may answer with.',
  }),
  modelReplyChars: wholeNumber({
    env: 'MODEL_REPLY_CHARS',
    default: 4000,
    min: 200,
    max: 100_000,
    unit: 'characters',
    description: "Longest text of the model's own in one reply; what is over is cut at the end of a sentence.",
  }),
  modelContextTokens: wholeNumber({
    env: 'MODEL_CONTEXT_TOKENS',
    default: 8000,
    min: 2000,
    max: 1_000_000,
    unit: 'tokens (estimated)',
    description: 'Most tokens of a request. The oldest messages are left out first; what they told is in a summary.',
  }),
  modelFirstTokenMs: wholeNumber({
    env: 'MODEL_FIRST_TOKEN_MS',
    default: 8_000,
    min: 50,
    unit: 'ms',
    description:
      'How long a call may take until its first piece arrives; then the guided assistant answers, without another try. Raise it for a slow local model.',
  }),
  modelFirstTextMs: wholeNumber({
    env: 'MODEL_FIRST_TEXT_MS',
    default: 15_000,
    min: 50,
    unit: 'ms',
    description:
      'Longest wait of a citizen for the first words of a reply, retries and tools included; then the guided assistant answers.',
  }),
  modelIdleMs: wholeNumber({
    env: 'MODEL_IDLE_MS',
    default: 10_000,
    min: 50,
    unit: 'ms',
    description: 'Longest silence between two pieces of an answer.',
  }),
  modelTurnMs: wholeNumber({
    env: 'MODEL_TURN_MS',
    default: 60_000,
    min: 100,
    unit: 'ms',
    description:
      'How long the model has for one reply in all, retries and tools included; then the guided assistant answers.',
  }),
  modelRetries: wholeNumber({
    env: 'MODEL_RETRIES',
    default: 2,
    min: 0,
    max: 10,
    unit: 'calls',
    description: 'How often a failed call is made again within a turn, when the failure may pass.',
  }),
  modelRetryBaseMs: wholeNumber({
    env: 'MODEL_RETRY_BASE_MS',
    default: 400,
    min: 1,
    max: 60_000,
    unit: 'ms',
    description: 'Wait before the first retry, at most; doubled with each, with full jitter.',
  }),
  modelToolRounds: wholeNumber({
    env: 'MODEL_TOOL_ROUNDS',
    default: 5,
    max: 50,
    unit: 'rounds',
    description: 'How often the model may call tools and be asked again in one turn.',
  }),
  modelToolCalls: wholeNumber({
    env: 'MODEL_TOOL_CALLS',
    default: 16,
    max: 200,
    unit: 'calls',
    description: 'Most tool calls of one turn.',
  }),
  modelArgumentChars: wholeNumber({
    env: 'MODEL_ARGUMENT_CHARS',
    default: 8000,
    min: 200,
    max: 1_000_000,
    unit: 'characters',
    description: 'Longest arguments of one tool call.',
  }),
  modelBreakerFailures: wholeNumber({
    env: 'MODEL_BREAKER_FAILURES',
    default: 5,
    max: 1000,
    unit: 'calls',
    description:
      'So many failed calls in a row, and the guided assistant answers for a while without asking the model.',
  }),
  modelBreakerOpenMs: wholeNumber({
    env: 'MODEL_BREAKER_OPEN_MS',
    default: 30_000,
    min: 10,
    unit: 'ms',
    description: 'How long that while is; then one turn tries the model again.',
  }),
  modelSessionTokens: wholeNumber({
    env: 'MODEL_SESSION_TOKENS',
    default: 300_000,
    min: 0,
    unit: 'tokens',
    description: 'Tokens that one conversation may use in all; then the guided assistant answers. 0: no limit.',
  }),
  modelHourTokens: wholeNumber({
    env: 'MODEL_HOUR_TOKENS',
    default: 5_000_000,
    min: 0,
    unit: 'tokens',
    description: 'Tokens of all conversations together within the last 60 minutes. 0: no limit.',
  }),
  modelMonthTokens: wholeNumber({
    env: 'MODEL_MONTH_TOKENS',
    default: 200_000_000,
    min: 0,
    unit: 'tokens',
    description: 'Tokens of all conversations together in a calendar month (UTC). 0: no limit.',
  }),
  modelTurnsAtOnce: wholeNumber({
    env: 'MODEL_TURNS_AT_ONCE',
    default: 256,
    max: 10_000,
    unit: 'conversations',
    description: 'Conversations that one process answers at a time with the language model; the others wait in order.',
  }),
  modelSharesIdentity: onOff({
    env: 'MODEL_SHARES_IDENTITY',
    default: 'off',
    description:
      'off hides names, phone numbers and e-mail addresses from the model where they can be recognised: it reads only that they were given.',
  }),
  modelSharesFileNames: onOff({
    env: 'MODEL_SHARES_FILE_NAMES',
    default: 'off',
    description: 'on shows the model the names of files. What is in a file is never sent.',
  }),
};
