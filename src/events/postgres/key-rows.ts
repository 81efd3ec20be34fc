import type { Pool } from 'pg';
import type { KeyRow } from '../key-audit.js';
import type { PersonalClass } from '../personal.js';

const PAGE = 10_000;

/** All keys of persons, alive and destroyed, without what they are; hand-over keys, of which there is one per secret, left out. */
export async function* readKeyRows(pool: Pick<Pool, 'query'>): AsyncGenerator<readonly KeyRow[], void, undefined> {
  let after: { readonly subject: string; readonly personalClass: string } | undefined = {
    subject: '',
    personalClass: '',
  };
  while (after !== undefined) {
    const { rows } = await pool.query<{ subject: string; class: PersonalClass; destroyed: boolean }>(
      `SELECT subject, class, wrapped IS NULL AS destroyed FROM subject_keys
        WHERE (subject, class) > ($1, $2) AND class <> 'handover' ORDER BY subject, class LIMIT ${PAGE}`,
      [after.subject, after.personalClass],
    );
    const page: KeyRow[] = rows.map((row) => ({
      subject: row.subject,
      personalClass: row.class,
      destroyed: row.destroyed,
    }));
    if (page.length > 0) yield page;
    after = page.length < PAGE ? undefined : page.at(-1);
  }
}
