import { z } from 'zod'

/** The most sentences that one person keeps: a list that is longer is slower than typing. */
export const MOST_SNIPPETS = 30
const LONGEST = 1_000

/** Eight digits and more are a phone, a document or an IMEI: of one case, and of one person. */
const OF_ONE_PERSON = /\d(?:[ .-]?\d){7,}/

/** Reads a sentence to keep. It goes with its person from case to case, so that nobody's numbers may be in it. */
export const snippetText = z
  .string('snippet.missing')
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'snippet.missing')
      .max(LONGEST, 'snippet.long')
      .refine((text) => !OF_ONE_PERSON.test(text), 'snippet.numbers'),
  )
