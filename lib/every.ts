/** A name that is missing in a list; it appears in the compiler's message. */
interface Lacks<Name> {
  readonly lacks: Name
}

/**
 * Checks at compile time that a list has every one of some names, in any order, and no other: `everyOf<Colour>()(['red',
 * 'green'])` does not compile if `Colour` has a third.
 */
export const everyOf =
  <Name extends string>() =>
  <const L extends readonly Name[]>(
    list: L & ([Exclude<Name, L[number]>] extends [never] ? unknown : Lacks<Exclude<Name, L[number]>>),
  ): L =>
    list
