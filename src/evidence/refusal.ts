/** Why a file was not taken. Codes stand in the table of the protocol; the text never holds the file's name. */
export interface EvidenceRefusal {
  readonly code:
    'file_too_large' | 'file_size_mismatch' | 'file_type_rejected' | 'quota_exceeded' | 'session_closed' | 'busy';
  /** Plain English for the citizen. */
  readonly message: string;
}

export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: EvidenceRefusal };

export const taken = <T>(value: T): Checked<T> => ({ ok: true, value });

export const refused = (code: EvidenceRefusal['code'], message: string): Checked<never> => ({
  ok: false,
  refusal: { code, message },
});
