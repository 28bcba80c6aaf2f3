/** Why two reports were taken for one event, in words. The scorer's names say what was compared; their sign, for which side it spoke. */

export interface Reason {
  words: string;
  /** Logits: above 0 for one event, below 0 against; null where a person or a rule decided. */
  weight: number | null;
}

/** What the scorer's names mean to a reader; names that are not here read well as they are. */
const WORDS: Record<string, string> = {
  "same type": "both are of the same type",
  "kindred types": "their types are often read for one another",
  "types apart": "their types differ",
  "modes differ": "their modes differ",
  "same status": "both say the same of whether it happened",
  "dates overlap": "their dates overlap",
  "days apart": "their dates lie days apart",
  "said dates overlap": "the dates in their words overlap",
  "said dates apart": "the dates in their words lie apart",
  "published near": "published within days of each other",
  "published far apart": "published far from each other",
  "one is history": "one tells it as background",
  "actors' countries": "countries of who did it",
  "recipients' countries": "countries of whom it was done to",
  "countries apart": "no country in common",
  "sides swapped": "who did it and to whom are swapped",
  "same entity": "both name the same person or body",
  "sides' words": "the words for the sides",
  "sectors differ": "the sectors of the sides differ",
  "same place": "both name the same place",
  "places near": "the places lie near each other",
  "places apart": "the places lie apart",
  "figures agree": "their figures agree",
  "figures disagree": "their figures disagree",
  "trigger words": "both use the same word for the act",
  "sentence words": "words that both sentences share",
  "shared names": "names that both sentences share",
  "rare names": "a rare name that both share",
  meaning: "meaning of the sentences",
  "meaning squared": "sentences very near in meaning",
  "articles' names": "names that both articles share",
  "one leads": "one stands in a headline, one in the text",
  "both sides same": "both sides have the same codes",
  "stories alike": "the articles tell one story",
  "one story and type": "one story and the same type",
  "one story and place": "one story and the same place",
  "acts of one kind": "two words for one kind of violence",
  "one says again": "one speaks of another, a second or a new act",
  "same day": "the same day",
  "rare words of the sentences": "rare words that both sentences share",
  "each told in the other's article": "each is also told in the other's article",
  "one told in the other's article": "one is also told in the other's article",
  "articles' words": "words that both articles share",
  "both in headlines": "both stand in headlines",
  "headlines of one story": "both are headlines of one story",
  "doers' countries apart": "who did it: no country in common",
  "objects' countries apart": "to whom it was done: no country in common",
  "doers are others": "who did it: other persons or bodies",
  "a doer is not told": "one does not say who did it",
  "one without sides": "one names no side",
  "far apart in the text": "they stand in different parts of their articles",
  "both stand early": "both stand at the head of their articles",
  "one says when": "one says when, the other does not",
  "one day within the other": "the day of one lies within that of the other",
  "rare act": "both use a rare word for the act",
  "rare act of one story": "a rare word for the act, in one story",
  "place in the other's article": "the place of one is named in the other's article",
  "doers' words": "the words for who did it",
  "objects' words": "the words for whom it was done to",
  "meaning of one story": "sentences near in meaning, in one story",
  "told with another delay": "one is told longer after the day than the other",
  "both give figures": "both give figures",
  "headlines' words": "words that the headlines share",
  "act in the other's headline": "the act stands in the other's headline",
  history: "at least one is background",
  "a person said so": "a reviewer said so",
};

/** A reason of the scorer, "same place (+1.3)", in words with its weight. */
export function reasonOf(told: string): Reason {
  const found = /^(.*) \(([+-]\d+(?:\.\d+)?)\)$/.exec(told);
  const name = found?.[1] ?? told;
  return { words: WORDS[name] ?? name, weight: found ? Number(found[2]) : null };
}
