/** Why a socket is not let in. */
export type SlotRefusal = 'address' | 'node';

/** Counts sockets of this process, by client address and in all (security.md row 13). */
export interface Slots {
  /** Takes a place, or says which limit is reached. The place must be given back, once. */
  take(
    address: string,
  ): { readonly ok: true; readonly giveBack: () => void } | { readonly ok: false; readonly why: SlotRefusal };
  count(): number;
}

/** `perAddress: null` lifts the limit per address. */
export const createSlots = (limits: { readonly perAddress: number | null; readonly total: number }): Slots => {
  const byAddress = new Map<string, number>();
  let total = 0;
  return {
    take: (address) => {
      if (total >= limits.total) return { ok: false, why: 'node' };
      const mine = byAddress.get(address) ?? 0;
      if (limits.perAddress !== null && mine >= limits.perAddress) return { ok: false, why: 'address' };
      byAddress.set(address, mine + 1);
      total += 1;
      let held = true;
      const giveBack = (): void => {
        if (!held) return;
        held = false;
        total -= 1;
        const left = (byAddress.get(address) ?? 1) - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
      return { ok: true, giveBack };
    },
    count: () => total,
  };
};
