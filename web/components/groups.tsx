import type { ReactElement } from 'react';

/**
 * A number or key of four groups. A row that is too long is broken between groups, into two and two.
 * @param value as the office writes it, with hyphens
 */
export const Groups = ({ value }: { readonly value: string }): ReactElement => {
  const [a, b, c, d] = value.split('-');
  return (
    <span className="groups">
      <span>
        {a}-<wbr />
        {b}-
      </span>
      <span>
        {c}-<wbr />
        {d}
      </span>
    </span>
  );
};
