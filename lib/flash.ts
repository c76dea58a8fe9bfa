import type { RawForm } from './raw-form.ts'

/** The message that an act leaves for the next page: that it is done, or the refusal and the input. */
export type ActFlash<Act extends string> =
  | { readonly act: Act; readonly done: true }
  | {
      /** Null where it did not even become known which act it was. */
      readonly act: Act | null
      readonly done: false
      readonly values: RawForm
      /** A key of messages' `faults` a field; `form` for what belongs to none. */
      readonly faults: Readonly<Record<string, string>>
    }
export type RefusedFlash<Act extends string> = Extract<ActFlash<Act>, { readonly done: false }>
