/** The name that a list lacks of those it must have; it stands in the compiler's message. */
interface Lacks<Name> {
  readonly lacks: Name
}

/**
 * Checks as a type that a list, in an order of its own, has every one of some names and no other:
 * `everyOf<Colour>()(['red', 'green'])` does not compile where `Colour` has a third.
 */
export const everyOf =
  <Name extends string>() =>
  <const L extends readonly Name[]>(
    list: L & ([Exclude<Name, L[number]>] extends [never] ? unknown : Lacks<Exclude<Name, L[number]>>),
  ): L =>
    list
