import type { RawForm } from './raw-form.ts'

/** The message that an act leaves for the next page: that it is done, or the refusal and the input. */
export type ActFlash<Act extends string> =
  | { readonly act: Act; readonly done: true }
  | {
      /** null if it is not known which act it was. */
      readonly act: Act | null
      readonly done: false
      readonly values: RawForm
      /** Keys of the messages' `faults`, by field; `form` for faults of no field. */
      readonly faults: Readonly<Record<string, string>>
    }
export type RefusedFlash<Act extends string> = Extract<ActFlash<Act>, { readonly done: false }>
