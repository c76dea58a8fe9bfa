import { z } from 'zod'

/** The most sentences that one person keeps; a longer list is slower than typing. */
export const MOST_SNIPPETS = 30
const LONGEST = 1_000

/** Eight digits or more are a phone number, a document or an IMEI, which belong to one case and one person. */
const OF_ONE_PERSON = /\d(?:[ .-]?\d){7,}/

/** Parses a sentence to keep. The person uses it in other cases, so it must contain nobody's numbers. */
export const snippetText = z
  .string('snippet.empty')
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'snippet.empty')
      .max(LONGEST, 'snippet.too_long')
      .refine((text) => !OF_ONE_PERSON.test(text), 'snippet.numbers'),
  )
