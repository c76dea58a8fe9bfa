const FIELDS = ':is(input:not([type="hidden"]), select, textarea, button):not(:disabled)'

/** Moves the focus to the first field of what has just been opened, once it is drawn. */
export function focusFirstField(opened: Element | null): void {
  requestAnimationFrame(() => opened?.querySelector<HTMLElement>(FIELDS)?.focus())
}
