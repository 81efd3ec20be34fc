import type { Config } from '../../platform/config.js';

/** What the language-model assistant needs of the configuration. Units and defaults: docs/configuration.md. */
export type ModelSettings = Pick<
  Config,
  | ('openaiBaseUrl' | 'openaiModel' | 'modelTokenField' | 'modelTemperature' | 'modelReplyTokens' | 'modelReplyChars')
  | ('modelContextTokens' | 'modelFirstTokenMs' | 'modelFirstTextMs' | 'modelIdleMs' | 'modelTurnMs')
  | ('modelRetries' | 'modelRetryBaseMs')
  | ('modelToolRounds' | 'modelToolCalls' | 'modelArgumentChars' | 'modelBreakerFailures' | 'modelBreakerOpenMs')
  | ('modelSessionTokens' | 'modelHourTokens' | 'modelMonthTokens' | 'modelSharesIdentity' | 'modelSharesFileNames')
>;
