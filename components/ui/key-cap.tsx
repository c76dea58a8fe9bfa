/** Draws the key of a button or field, for sighted users only; screen readers have `aria-keyshortcuts`. */
export const KeyCap = ({ of }: { readonly of: string }) => (
  <span aria-hidden="true">
    <kbd>{of.length === 1 ? of.toUpperCase() : of}</kbd>
  </span>
)
