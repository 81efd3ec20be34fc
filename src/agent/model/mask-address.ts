// Street addresses in what a citizen writes. Where something happened the office must know, and the model asks for it; at which door
// somebody lives it need not know.

const streets = 'road|rd|street|str|st|avenue|ave|lane|drive|close|terrace|crescent|strit|rod';
/** Words that stand between a number and a road without being its name: "5 men on the road", "3 hours drive". */
const noName =
  'on|the|of|to|at|in|by|along|from|a|an|and|or|people|persons|men|women|boys|police|officers|cars|trucks|poles|hours?|days?|minutes?|miles?|years?|months?|weeks?|leones|met(?:er|re)s?|km|feet|main|same|new|bad|this|that|each|per|times?|blocked?|am|pm|oclock|january|february|march|april|may|june|july|august|september|october|november|december';

/** "12 Wilkinson Road", "No. 5B Siaka Stevens St", "14 kissy street". Case does not matter: many write without capitals. */
const address = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,/-])(?:(?:no\.?|number|house(?: number)?|nɔmba|#)\s*)?(?!(?:19|20)\d\d\s)\d{1,4}(?:\s?[a-z](?![\p{L}\p{N}]))?(?:\s?[/-]\s?\d{1,4}[a-z]?)?,?\s+` +
    String.raw`((?:(?!(?:${noName})\s)[\p{L}][\p{L}\p{M}'’.-]*\s+){1,3}(?:${streets})(?![\p{L}\p{N}]))`,
  'giu',
);

/** "I live at", "my address is": the door of whoever writes. */
const ownHome =
  /\b(?:(?:i|we|a|wi) (?:now |still |de |dey |also )*(?:live|stay|reside|sleep|lodge|tap|liv|ste|slip) (?:at|in|on|near|na|insay|nia)|(?:my|mi|our|wi) (?:home |house |postal )?(?:address|adrɛs|house|os|ɔs|home|place) (?:is|na|de na)(?: at| on| in)?)\s*[:,]?\s*$/iu;

/** Hides at which door somebody lives; of an address that the citizen does not call their own the street stays. */
export const hideAddresses = (text: string): string =>
  text.replace(address, (_whole, street: string, at: number) =>
    ownHome.test(text.slice(Math.max(0, at - 60), at)) ? '[address]' : `[house number] ${street}`,
  );
