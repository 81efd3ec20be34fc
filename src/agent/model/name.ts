/** The language-model assistant, as replies record it. Version 2: keeps what was told before, mends what was refused. */
export const MODEL_AGENT = { name: 'model', version: '2' } as const;
