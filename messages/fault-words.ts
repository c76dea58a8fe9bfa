import type { Messages } from './catalogue.ts'

type Faults = Messages['faults']
type Group<F> = { [K in keyof F & string]: F[K] extends string ? never : K }[keyof F & string]

/** A group of words for refusals, such as `order` or `survey.request`. */
export type FaultNoun = Group<Faults> | { [A in Group<Faults>]: `${A}.${Group<Faults[A]>}` }[Group<Faults>]

type WordsOf<N extends string> = N extends `${infer A extends Group<Faults>}.${infer B}`
  ? B extends keyof Faults[A]
    ? Faults[A][B]
    : never
  : N extends keyof Faults
    ? Faults[N]
    : never

export type FaultCode<N extends FaultNoun> = keyof WordsOf<N> & string
