import type { z } from 'zod'

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T

/** The read-only value that a schema of the interfaces describes. */
export type AnswerOf<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>
