import * as en from './en.ts'
import type { Complete } from './required-words.ts'
import type { Locale } from './routing.ts'
import * as vi from './vi.ts'

/** The Vietnamese words set the shape; English must have every one of them. */
export type Messages = Complete<typeof vi>

/** Every word a person reads. A namespace is a file a language and a line in `vi.ts` and `en.ts`. */
export const catalogue: Readonly<Record<Locale, Messages>> = { vi, en }
