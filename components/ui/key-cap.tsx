/** Draws the key of a button or field. For eyes alone: a screen reader is told by `aria-keyshortcuts`. */
export const KeyCap = ({ of }: { readonly of: string }) => (
  <span aria-hidden="true">
    <kbd>{of.length === 1 ? of.toUpperCase() : of}</kbd>
  </span>
)
