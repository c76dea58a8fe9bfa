const FIELDS = ':is(input:not([type="hidden"]), select, textarea, button):not(:disabled)'

export function focusFirstField(opened: Element | null): void {
  requestAnimationFrame(() => opened?.querySelector<HTMLElement>(FIELDS)?.focus())
}
